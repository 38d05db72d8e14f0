import Foundation
import Layers
import TestSupport
import Testing

@Suite("Failures and their exit codes", .serialized)
struct FailureTests {
  @Test(
    "usage errors are exit 2 and one line with a remedy",
    arguments: [
      ([], "<source>"), (["x.mp4", "--conf", "1.5"], "between 0 and 1"),
      (["x.mp4", "--stride", "0"], "at least 1"),
      (["x.mp4", "--stride", "2", "--fps", "3"], "cannot be combined"),
      (["x.mp4", "--every", "soon"], "--every"), (["x.mp4", "--bogus"], "--bogus"),
      (["x.mp4", "--end", "1", "--start", "2"], "not after the start"),
      (["x.mp4", "--overlay", "circles"], "--overlay"),
      (["x.mp4", "--require", "mmx"], "no feature 'mmx'"), (["@nolist.txt"], "nolist.txt"),
      (["nothing-*.mp4"], "pattern"), (["a.mp4", "b.mp4", "--id", "c"], "--id"),
      (["a.mp4", "b.mp4", "--video", "out.mp4"], "2 sources"),
      (["--classes", "", "x.mp4"], "--classes"), (["models", "import", "-o", "x"], "<weights>"),
      (["x.mp4", "--video", "out.mkv", "--jsonl", "out.mkv"], "same file"),
    ] as [([String], String)])
  func usage(arguments: [String], expected: String) throws {
    let place = try Workplace()
    let outcome = try Program.run(arguments, in: place.path)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 1 && lines.first?.hasPrefix("stream-detect: error: ") == true)
    #expect(outcome.errors.contains(expected), "\(outcome.errors)")
  }

  @Test("an unknown class is exit 2 with the nearest names")
  func unknownClass() throws {
    let outcome = try Workplace().detect("x.mp4", "--classes", "person,trafic-light")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains("no class 'trafic-light'. Nearest: traffic light."))
  }

  @Test("what the machine lacks is an error with --require, otherwise noted and simulated")
  func precision() throws {
    let place = try Workplace()
    #expect(try place.detect("x.mp4", "--precision", "int8", "--require", "int8").status == 2)
    let other = try #require(InstructionSet.allCases.first { !$0.isAvailable })
    #expect(try place.detect("x.mp4", "--require", other.rawValue).status == 2)
    for isa in InstructionSet.allCases where InstructionSet.best.includes(isa) {
      #expect(try place.detect("x.mp4", "--require", isa.rawValue).status == 3, "\(isa)")
    }
    let outcome = try place.detect("x.mp4", "--precision", "bf16")
    #expect(outcome.errors.contains("simulated") == !InstructionSet.best.hasBFloat16Kernels)
    #expect(try outcome.lines("run").first?["backend"]?["precision"]?.string == "bf16")
  }

  @Test("a mistyped STREAM_DETECT_ISA is exit 2, not another instruction set")
  func instructionSet() throws {
    let place = try Workplace()
    for arguments in [
      ["x.mp4"], ["x.mp4", "--require", "fp32"], ["models", "verify"],
      ["bench", "--brief", "--frames", "1"], ["models", "pack", "built-in", "-o", "p"],
    ] {
      let outcome = try Program.run(
        arguments, in: place.path, environment: ["STREAM_DETECT_ISA": "avx51"])
      #expect(outcome.status == 2, "\(arguments): \(outcome.status) \(outcome.errors)")
      #expect(outcome.errors.contains("'avx51'") && outcome.errors.contains("scalar"))
    }
    let doctor = try Program.run(
      ["doctor"], in: place.path, environment: ["STREAM_DETECT_ISA": "avx51"])
    let words = doctor.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(doctor.status == 0 && words.contains("problem STREAM_DETECT_ISA"))
    let help = try Program.run(
      ["--version"], in: place.path, environment: ["STREAM_DETECT_ISA": "avx51"])
    #expect(help.status == 0)
  }

  @Test("a model that is missing, invalid or of the wrong kind is exit 5")
  func models() throws {
    let place = try Workplace()
    try place.write("not a model", to: "letter.safetensors")
    for arguments in [
      ["x.mp4", "--model", "nowhere"], ["classify", "x.jpg"],
      ["x.mp4", "--model", "letter.safetensors"],
      ["x.mp4", "--model", TinyModel.classifier], ["models", "verify", "letter.safetensors"],
      ["classify", "x.jpg", "--model", TinyModel.detector],
    ] {
      let outcome = try Program.run(arguments, in: place.path)
      #expect(outcome.status == 5, "\(arguments): \(outcome.errors)")
      #expect(outcome.output.isEmpty)
    }
    let none = try Program.run(["classify", "x.jpg"], in: place.path)
    #expect(none.errors.contains("stream-detect models import"))
  }

  @Test("a run may end while another thread still hashes its model", .requires(.media))
  func hashing() throws {
    let place = try Workplace()
    for _ in 0..<25 {
      // Nothing calibrated this model, which is noticed right after its hash was begun.
      let outcome = try Program.run(
        [media("image.jpg"), "--model", TinyModel.detector, "--precision", "int8"], in: place.path)
      #expect(outcome.status == 2, "\(outcome.errors)")
    }
  }

  @Test("the model folder's only classifier is used, or the one called default")
  func modelFolder() throws {
    let place = try Workplace()
    let files = FileManager.default
    try files.createDirectory(atPath: place.path + "/models", withIntermediateDirectories: true)
    func add(_ model: String, as name: String) throws {
      try files.copyItem(atPath: model, toPath: place.path + "/models/\(name).safetensors")
    }
    func run() throws -> Program.Outcome {
      try Program.run(
        ["classify", "x.jpg"], in: place.path,
        environment: ["STREAM_DETECT_MODELS": place.path + "/models"])
    }
    try add(TinyModel.detector, as: "other")
    #expect(try run().status == 5)
    try add(TinyModel.classifier, as: "first")
    #expect(try run().status == 3)
    try add(TinyModel.classifier, as: "second")
    let undecided = try run()
    #expect(undecided.status == 5 && undecided.errors.contains("first, second"))
    try add(TinyModel.classifier, as: "default")
    #expect(try run().status == 3)
  }

  @Test("a full disk is exit 6 and names the file")
  func fullDisk() throws {
    let outcome = try Workplace().detect("x.mp4", "--jsonl", "/dev/full")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("error: /dev/full: no space left on device."))
  }

  #if os(Linux)
  @Test("without FFmpeg's device library a camera fails with a remedy, and doctor notes it")
  func deviceLibraryMissing() throws {
    let place = try Workplace()
    // The dynamic linker looks here first, and it cannot load an empty file.
    for version in 57...70 { try place.write("", to: "libavdevice.so.\(version)") }
    let environment = ["LD_LIBRARY_PATH": place.path]
    let outcome = try place.detect("/dev/video-missing", environment: environment)
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("/dev/video-missing"), "\(outcome.errors)")
    #expect(outcome.errors.contains("Install the libavdevice"), "\(outcome.errors)")
    #expect(try outcome.end()["reason"]?.string?.hasPrefix("device_library_missing: ") == true)
    let doctor = try Program.run(["doctor"], in: place.path, environment: environment)
    #expect(doctor.status == 0 && doctor.output.contains("note     cameras"))
    #expect(doctor.output.contains("Install the libavdevice"))
  }
  #endif

  @Test("an output folder that cannot be created is exit 6")
  func noFolder() throws {
    let outcome = try Workplace().detect("x.mp4", "--jsonl", "no/such/folder.jsonl")
    #expect(outcome.status == 6)
    #expect(outcome.errors.contains("no/such/folder.jsonl: no such file or directory."))
  }

  @Test(
    "an output that is an input is rejected, under any name", .requires(.media))
  func outputIsInput() throws {
    let place = try Workplace()
    try FileManager.default.copyItem(atPath: media("image.jpg"), toPath: place.path + "/in.jpg")
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/link.jpg", withDestinationPath: "in.jpg")
    for arguments in [
      ["in.jpg", "--jsonl", "link.jpg"], ["in.jpg", "--video", "./in.jpg"],
    ] {
      let outcome = try Program.run(
        arguments + ["--model", TinyModel.detector], in: place.path)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
    }
    #expect(try place.detect("in.jpg", "--frames", ".").status == 2)
    let after = try Data(contentsOf: URL(filePath: place.path + "/in.jpg"))
    #expect(after == (try Data(contentsOf: URL(filePath: media("image.jpg")))))
  }

  @Test("a network that does not answer is exit 4, even if another input is bad")
  func transient() throws {
    let closed = try LocalSocket(isListening: false)
    let outcome = try Workplace().detect(
      "missing.mp4", "rtsp://127.0.0.1:\(closed.port)/x", "--reconnect-max", "0")
    #expect(outcome.status == 4)
    try checkAccount(outcome)
    #expect(try outcome.lines("end").map { $0["status"]?.string } == ["failed", "failed"])
  }
}
