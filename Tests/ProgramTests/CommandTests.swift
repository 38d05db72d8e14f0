import Foundation
import Layers
import Models
import Output
import TestSupport
import Testing

@Suite("The other commands", .serialized)
struct CommandTests {
  private func run(_ arguments: String...) throws -> Program.Outcome {
    let place = try Workplace()
    return try withExtendedLifetime(place) { try Program.run(arguments, in: place.path) }
  }

  @Test("help lists the commands, the options and the exit codes")
  func help() throws {
    for arguments in [["--help"], ["help", "detect"], ["detect", "-h"]] {
      let outcome = try Program.run(arguments, in: "/")
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      #expect(outcome.output.contains("EXIT CODES"))
      for code in ["0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "6 ", "130 ", "143 "] {
        #expect(outcome.output.contains("\n  \(code)"), "\(code)")
      }
    }
    let options = try run("help", "detect").output
    for option in ["--model", "--conf", "--every", "--jsonl", "--video", "--crops", "--require"] {
      #expect(options.contains(option), "\(option)")
    }
    #expect(try run("--version").output == "0.1.0\n")
  }

  @Test("schema prints a JSON Schema")
  func schema() throws {
    let outcome = try run("schema")
    #expect(outcome.status == 0)
    let schema = try JSONValue(parsing: outcome.output)
    #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["title"]?.string == "stream-detect/1")
  }

  @Test("doctor names what it found, and how to get what is missing")
  func doctor() throws {
    let outcome = try Program.run(
      ["doctor"], in: "/", environment: ["STREAM_DETECT_FONT": "/no/font.ttf"])
    #expect(outcome.status == 0)
    let words = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("kernels \(InstructionSet.best.rawValue) of "))
    #expect(words.contains("precisions fp32, "))
    #expect(words.contains("libavformat"))
    #if os(Linux)
    #expect(words.contains("ok cameras libavdevice "))
    #endif
    #expect(words.contains("problem font"))
    #expect(words.contains("ok model built-in: ssdlite_mobilenet_v2"))
  }

  @Test("probe prints JSON", .requires(.media))
  func probe() throws {
    let outcome = try run("probe", media("rotated-90.mp4"))
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONValue(parsing: outcome.output)
    #expect(value["video"]?["rotation"]?.integer == 90)
    #expect(value["video"]?["coded_width"]?.integer == 128)
    #expect(value["packets"]?.integer == 10)
    #expect(try run("probe", media("zero.mp4")).status == 3)
    let closed = try LocalSocket(isListening: false)
    #expect(try run("probe", "rtsp://127.0.0.1:\(closed.port)/x").status == 4)
  }

  @Test("classify prints the most probable classes", .requires(.media))
  func classify() throws {
    let outcome = try run(
      "classify", media("image.jpg"), media("zero.mp4"), media("image.png"), "--json", "--top", "2",
      "--model", TinyModel.classifier)
    #expect(outcome.status == 3)
    let lines = try outcome.lines()
    #expect(lines.map { $0["source"]?.string } == [media("image.jpg"), media("image.png")])
    for line in lines {
      let found = line["classes"]?.array ?? []
      let scores = found.compactMap { $0["confidence"]?.number }
      #expect(scores.count == 2 && scores[0] >= scores[1] && scores[0] + scores[1] <= 1.0001)
      #expect(found.allSatisfy { ["cat", "dog", "bird"].contains($0["label"]?.string) })
    }
    let text = try run("classify", media("image.jpg"), "--model", TinyModel.classifier).output
    #expect(text.hasPrefix(media("image.jpg") + "\n  0."))
  }

  @Test("models info prints the paper's table of a model and of an architecture")
  func modelsInfo() throws {
    let table = try run("models", "info", "mobilenet_v2").output
    #expect(table.contains("arXiv:1801.04381") && table.contains("3,504,872"))
    let model = try run("models", "info", TinyModel.detector).output
    #expect(model.contains("ssdlite_mobilenet_v2 x0.25"))
    #expect(model.contains("2: person, traffic light"))
    #expect(model.contains(try ModelFile(path: TinyModel.detector).sha256()))
    #expect(try run("models", "info", "mobilenet_v2", "--width", "99").status == 2)
  }

  @Test("models list shows the folder; damaged files are logged")
  func modelsList() throws {
    let place = try Workplace()
    try FileManager.default.copyItem(
      atPath: TinyModel.detector, toPath: place.path + "/one.safetensors")
    try place.write("letter", to: "two.safetensors")
    let outcome = try Program.run(
      ["models", "list"], in: place.path, environment: ["STREAM_DETECT_MODELS": place.path])
    #expect(outcome.status == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("built-in  ssdlite_mobilenet_v2 "))
    #expect(lines[1].hasPrefix("one       ssdlite_mobilenet_v2 x0.25  64 x 64    2 classes"))
    #expect(outcome.errors.contains("two.safetensors"))
  }

  @Test("the built-in model is valid, calibrated, and has the eighty classes of COCO")
  func builtIn() throws {
    let model = try ModelFile.builtIn()
    #expect(model.byteCount < 10_000_000)
    #expect(model.description.quantization != nil)
    let labels = model.description.labels
    #expect(labels.count == 81 && labels[1] == "person" && labels[80] == "toothbrush")
    let info = try run("models", "info").output
    #expect(info.contains(model.description.name) && info.contains("traffic light"))
    #expect(info.contains(model.sha256()))
    #expect(try run("models", "verify").status == 0)
  }

  @Test("quantize finds the ranges that a model needs to run in integers", .requires(.media))
  func quantize() throws {
    let place = try Workplace()
    func run(_ arguments: String...) throws -> Program.Outcome {
      try Program.run(arguments, in: place.path)
    }
    let refused = try run(
      media("image.jpg"), "--model", TinyModel.detector, "--precision", "int8")
    #expect(refused.status == 2 && refused.errors.contains("models quantize"))
    let made = try run(
      "models", "quantize", TinyModel.detector, "--calibrate", media("image.jpg"), "--calibrate",
      media("marker.mp4"), "--stride", "5", "-o", "q.safetensors")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains(" in FP32, ") && made.output.contains("ranges from 3 images"))
    let integers = try run(media("image.jpg"), "--model", "q.safetensors", "--precision", "int8")
    #expect(integers.status == 0, "\(integers.errors)")
    #expect(try integers.lines()[0]["backend"]?["precision"]?.string == "int8")
    let isSimulated = !InstructionSet.best.hasIntegerKernels
    #expect(integers.errors.contains("simulated") == isSimulated)
    #expect(
      try run("models", "quantize", "q.safetensors", "--calibrate", ".", "-o", "q.safetensors")
        .status == 2)
    #expect(
      try run("models", "quantize", "q.safetensors", "--calibrate", "no.mp4", "-o", "r").status == 3
    )
  }

  @Test("a model with packed weights gives the same results everywhere", .requires(.media))
  func pack() throws {
    let place = try Workplace()
    func run(_ arguments: String..., isa: String? = nil) throws -> Program.Outcome {
      try Program.run(
        arguments, in: place.path, environment: isa.map { ["STREAM_DETECT_ISA": $0] } ?? [:])
    }
    func frames(_ model: String, isa: String? = nil) throws -> Substring? {
      let outcome = try run(media("image.jpg"), "--model", model, "--conf", "0", isa: isa)
      return outcome.output.split(separator: "\n").first { $0.contains("\"type\":\"frame\"") }
    }
    let made = try run("models", "pack", TinyModel.detector, "-o", "p.safetensors")
    #expect(made.status == 0, "\(made.errors)")
    let best = InstructionSet.best.rawValue
    #expect(made.output.hasPrefix("p.safetensors: fp32 for \(best), "))
    #expect(try run("models", "info", "p.safetensors").output.contains("fp32 for \(best), "))
    let verified = try run("models", "verify", "p.safetensors")
    #expect(verified.status == 0 && verified.output.contains("matches its tensors"))
    let expected = try frames(TinyModel.detector)
    #expect(try expected != nil && frames("p.safetensors") == expected)
    #expect(
      try frames("p.safetensors", isa: "scalar") == frames(TinyModel.detector, isa: "scalar"))
    let told = try run(media("image.jpg"), "--model", "p.safetensors", "--precision", "bf16")
    #expect(told.status == 0 && told.errors.contains("models pack p.safetensors"))
    #expect(try run("models", "pack", "p.safetensors", "-o", "p.safetensors").status == 2)
    #expect(
      try run("models", "pack", "p.safetensors", "-o", "q", "--precision", "int8").errors
        .contains("models quantize"))
    #expect(
      try run("models", "pack", "p.safetensors", "-o", "no/q.safetensors").status == 6)
  }

  @Test(
    "quantize chooses ranges, prepares weights and reports what integers cost",
    .requires(.media))
  func quantizeOptions() throws {
    let place = try Workplace()
    let label = try ModelFile(path: TinyModel.detector).description.labels[1]
    let truth = """
      {"images": [{"id": 1, "file_name": "image.jpg", "width": 320, "height": 240}],
       "categories": [{"id": 1, "name": "\(label)"}],
       "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [8, 8, 99, 99],
                        "area": 9801, "iscrowd": 0}]}
      """
    try Data(truth.utf8).write(to: URL(filePath: place.path + "/truth.json"))
    func quantize(_ options: String...) throws -> Program.Outcome {
      try Program.run(
        [
          "models", "quantize", TinyModel.detector, "--calibrate", media("image.jpg"), "-o",
          "q.safetensors",
        ] + options, in: place.path)
    }
    let made = try quantize(
      "--method", "mse", "--equalize", "--correct-bias", "--truth", "truth.json")
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("ranges from 1 images"))
    #expect(made.output.contains("channels evened out in "))
    #expect(made.output.contains("on 1 images: mAP 0.") && made.output.contains("integers cost"))
    let (plain, prepared) = (
      try ModelFile(path: TinyModel.detector), try ModelFile(path: place.path + "/q.safetensors")
    )
    #expect(plain.sha256() != prepared.sha256())
    #expect(prepared.description.quantization != nil)
    #expect(try quantize("--images", ".").status == 2)
    #expect(try quantize("--truth", "none.json").status == 2)
    #expect(try quantize("--truth", "truth.json", "--images", media("marker.mp4")).status == 2)
  }

  @Test("models verify accepts a valid file and rejects a damaged one")
  func modelsVerify() throws {
    let place = try Workplace()
    let good = try Program.run(["models", "verify", TinyModel.detector], in: place.path)
    #expect(good.status == 0 && good.output.contains("cls_logits"))
    var bytes = try Data(contentsOf: URL(filePath: TinyModel.detector))
    bytes.removeLast(1000)
    try bytes.write(to: URL(filePath: place.path + "/cut.safetensors"))
    #expect(try Program.run(["models", "verify", "cut.safetensors"], in: place.path).status == 5)
  }

  @Test("bench times every layer of a network by its name")
  func bench() throws {
    let outcome = try run(
      "bench", "--architecture", "ssdlite_mobilenet_v2", "--width", "0.25", "--classes", "3",
      "--size", "64", "--frames", "2", "--threads", "1", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONValue(parsing: outcome.output)
    #expect(value["network"]?.string == "ssdlite_mobilenet_v2 x0.25, random weights")
    #expect(value["peak_gflops"]?.number ?? 0 > 0)
    #expect(value["layers"]?.array?.count ?? 0 > 60)
    for layer in value["layers"]?.array ?? [] { #expect(layer["ms"]?.number ?? 0 > 0) }
  }

  @Test("bench times runs that threads share")
  func benchLatency() throws {
    let outcome = try run(
      "bench", "--architecture", "mobilenet_v3_small", "--width", "0.5", "--size", "96",
      "--frames", "3", "--threads", "2", "--latency", "--json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONValue(parsing: outcome.output)
    #expect(value["threads_per_frame"]?.number == 2)
    #expect(value["median_ms"]?.number ?? 0 > 0)
  }

  @Test("bench runs a given input for a given time and writes the outputs")
  func benchTensors() throws {
    let place = try Workplace()
    let input = WritableTensor(
      name: "input", shape: [1, 3, 64, 64], [Float](repeating: 0.5, count: 3 * 64 * 64))
    try SafetensorsFile.write(to: place.path + "/in.safetensors", tensors: [input])
    func run(_ size: String) throws -> Program.Outcome {
      try Program.run(
        [
          "bench", "--architecture", "ssdlite_mobilenet_v2", "--width", "0.25", "--classes", "3",
          "--size", size, "--seconds", "0.02", "--brief", "--json", "--input", "in.safetensors",
          "--outputs", "out.safetensors",
        ], in: place.path)
    }
    let outcome = try run("64")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let value = try JSONValue(parsing: outcome.output)
    #expect(value["runs"]?.integer ?? 0 > 0 && value["layers"] == nil)
    let outputs = try SafetensorsFile(path: place.path + "/out.safetensors")
    #expect(outputs.names == ["bbox_regression", "cls_logits"])
    #expect(outputs.tensor("cls_logits")?.shape.last == 3)
    #expect(outputs.tensor("cls_logits")?.floats().contains { $0 != 0 } == true)
    let gone = try Program.run(["bench", "--brief", "--input", "no.safetensors"], in: place.path)
    #expect(gone.status == 2 && gone.errors.contains("no.safetensors"), "\(gone.errors)")
    let wrong = try run("96")
    #expect(wrong.status == 2 && wrong.errors.contains("[1, 3, 96, 96]"), "\(wrong.errors)")
  }

  @Test("bench times the stages of a run", .requires(.media))
  func benchSource() throws {
    let outcome = try run(
      "bench", media("marker.mp4"), "--model", TinyModel.detector, "--frames", "5")
    #expect(outcome.status == 0, "\(outcome.errors)")
    for stage in ["decode", "scale", "inference", "postprocess"] {
      #expect(outcome.output.contains("\n\(stage)"), "\(stage)")
    }
  }
}
