import Foundation

import TestSupport
import Testing

@Suite("eval", .serialized, .requires(.media))
struct EvalTests {
  private static let names = [
    "AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl",
  ]

  private let place: Workplace

  /// Two images, the detections of the tiny model, and a truth that consists of exactly these.
  init() throws {
    place = try Workplace()
    for (name, source) in [("images/one.jpg", "image.jpg"), ("images/two.png", "image.png")] {
      try FileManager.default.createDirectory(
        atPath: place.path + "/images", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: media(source), toPath: place.path + "/" + name)
    }
    let run = try place.detect("images", "--conf", "0.3", "--jsonl", "run.jsonl", "-q")
    #expect(run.status == 0, "\(run.errors)")
    let frames = try parsedLines(place.text("run.jsonl")).filter { $0["type"]?.string == "frame" }
    try place.write(try truth(of: frames, names: ["Person", "traffic_light"]), to: "truth.json")
  }

  private func truth(of frames: [JSONValue], names: [String], first: String = "") throws -> String {
    var images: [String] = []
    var boxes: [String] = []
    for (index, frame) in frames.enumerated() {
      let name = try #require(frame["source"]?.string)
      images.append(
        #"{"id":\#(index),"file_name":"\#(URL(filePath: name).lastPathComponent)"}"#)
      for object in frame["objects"]?.array ?? [] {
        let box = (object["bbox"]?.array ?? []).compactMap(\.number)
        boxes.append(
          #"{"id":\#(boxes.count + 1),"image_id":\#(index),"category_id":"#
            + #"\#(object["class_id"]?.integer ?? 0),"bbox":\#(box),"area":\#(box[2] * box[3])}"#)
      }
    }
    #expect(!boxes.isEmpty)
    let categories = names.enumerated().map { #"{"id":\#($0.offset + 1),"name":"\#($0.element)"}"# }
    return """
      {"images":[\(first)\(images.joined(separator: ","))],
      "annotations":[\(boxes.joined(separator: ","))],
      "categories":[\((categories + [#"{"id":9,"name":"zebra"}"#]).joined(separator: ","))]}
      """
  }

  private func eval(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["eval"] + arguments, in: place.path)
  }

  @Test("rates a model as perfect on its own detections, from a file and from images")
  func perfect() throws {
    let read = try eval("--truth", "truth.json", "--pred", "run.jsonl", "--format", "json")
    #expect(read.status == 0, "\(read.errors)")
    let value = try JSONValue(parsing: read.output)
    for name in ["AP", "AP50", "AP75", "AR100"] {
      #expect(abs(try #require(value[name]?.number) - 1) < 1e-9, "\(name)")
    }
    #expect(value["skipped"]?["truth_classes"] == .array([.string("zebra")]))
    #expect(read.errors.contains("1 class (zebra)"))
    let classes = try #require(value["per_class"]?.object)
    #expect(!classes.isEmpty)
    for figures in classes.values {
      for name in Self.names { #expect(figures[name]?.number != nil, "\(name)") }
      #expect(figures["best"] != nil && figures["boxes"]?.integer != nil)
    }
    // The file rounds boxes to tenths of a pixel.
    let looked = try eval(
      "--truth", "truth.json", "--images", "images", "--model", TinyModel.detector, "--conf", "0.3",
      "--format", "json", "--progress", "none")
    #expect(looked.status == 0, "\(looked.errors)")
    let found = try JSONValue(parsing: looked.output)
    #expect(try #require(found["AP50"]?.number) > 0.99)
    #expect(found["counts"]?["images"]?.integer == 2)
  }

  @Test("output is the same bytes with any number of threads, as text and as JSON")
  func threads() throws {
    for format in ["text", "json"] {
      let outputs = try ["1", "2", "5"].map { threads in
        try eval(
          "--truth", "truth.json", "images", "--model", TinyModel.detector, "--threads", threads,
          "--format", format
        ).output
      }
      #expect(Set(outputs).count == 1 && !outputs[0].isEmpty)
    }
  }

  @Test("prints tables, writes to a file and draws plots")
  func outputs() throws {
    let outcome = try eval(
      "--truth", "truth.json", "--pred", "run.jsonl", "-o", "report.txt", "--plot", "curves.svg")
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.errors)")
    let text = try place.text("report.txt")
    #expect(text.hasPrefix("2 images, ") && text.contains("\nAP50   1.000  at IoU 0.50\n"))
    for head in ["best score", "not found"] { #expect(text.contains(head)) }
    #expect(try place.text("curves.svg").contains("all classes"))
    let png = try eval("--truth", "truth.json", "--pred", "run.jsonl", "--plot", "curves.png", "-q")
    #expect(png.status == 0, "\(png.errors)")
    let probe = try JSONValue(
      parsing: try Program.run(["probe", "curves.png"], in: place.path).output)
    #expect(probe["video"]?["width"]?.integer == 2880)
  }

  @Test("a missing or damaged image of the truth is named, exit 3")
  func missing() throws {
    let frames = try parsedLines(place.text("run.jsonl")).filter { $0["type"]?.string == "frame" }
    let names = ["person", "traffic light"]
    let more = #"{"id":77,"file_name":"gone.jpg"},"#
    try place.write(try truth(of: frames, names: names, first: more), to: "more.json")
    let read = try eval("--truth", "more.json", "--pred", "run.jsonl", "--format", "json")
    #expect(read.status == 3 && read.errors.contains("gone.jpg"))
    #expect(try JSONValue(parsing: read.output)["counts"]?["images"]?.integer == 3)
    try place.write("no image", to: "images/two.png")
    let looked = try eval(
      "--truth", "more.json", "--images", "images", "--model", TinyModel.detector, "--format",
      "json")
    #expect(looked.status == 3)
    #expect(looked.errors.contains("gone.jpg") && looked.errors.contains("two.png"))
    #expect(try JSONValue(parsing: looked.output)["counts"]?["images"]?.integer == 1)
  }

  @Test("images without an entry in the truth are left out and counted")
  func withoutTruth() throws {
    let frames = try parsedLines(place.text("run.jsonl")).filter { $0["type"]?.string == "frame" }
    let one = try truth(of: [try #require(frames.first)], names: ["person", "traffic light"])
    try place.write(one, to: "one.json")
    let outcome = try eval("--truth", "one.json", "--pred", "run.jsonl", "--format", "json")
    #expect(outcome.status == 0 && outcome.errors.contains("two.png"))
    let value = try JSONValue(parsing: outcome.output)
    #expect(value["counts"]?["images_without_truth"]?.integer == 1)
    #expect(value["counts"]?["images"]?.integer == 1)
  }

  @Test(
    "errors of usage, truth and results are exit 2 in one line",
    arguments: [
      (["--truth", "truth.json"], "Nothing to evaluate"), (["--pred", "run.jsonl"], "--truth"),
      (["--truth", "truth.json", "--pred", "run.jsonl", "images"], "cannot be combined"),
      (["--truth", "none.json", "--pred", "run.jsonl"], "none.json"),
      (["--truth", "images", "--pred", "run.jsonl"], "neither .xml nor .txt"),
      (["--truth", "run.jsonl", "--pred", "run.jsonl"], "JSON"),
      (["--truth", "truth.json", "--pred", "truth.json"], "COCO results"),
      (["--truth", "truth.json", "--pred", "run.jsonl", "--plot", "a.gif"], ".svg or .png"),
      (["--truth", "truth.json", "--pred", "run.jsonl", "--match-iou", "0"], "above 0"),
      (["--truth", "truth.json", "--pred", "run.jsonl", "-o", "./truth.json"], "never written"),
      (["--truth", "truth.json", "images", "--plot", "images/two.png"], "never written"),
      (["--truth", "truth.json", "--pred", "run.jsonl", "--class-map", "no.txt"], "no.txt"),
    ] as [([String], String)])
  func usage(arguments: [String], expected: String) throws {
    let outcome = try Program.run(["eval"] + arguments, in: place.path)
    #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains(expected), "\(outcome.errors)")
  }
}
