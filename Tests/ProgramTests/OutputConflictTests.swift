import Foundation
import TestSupport
import Testing

/// Outputs that would destroy an input, each other, or another run's.
@Suite("Outputs in each other's way", .serialized, .requires(.media))
struct OutputConflictTests {
  private let place: Workplace
  private let files = FileManager.default

  init() throws {
    place = try Workplace()
    try files.copyItem(atPath: media("image.jpg"), toPath: place.path + "/a.jpg")
  }

  private func run(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(
      arguments + ["--model", TinyModel.detector, "--progress", "none"], in: place.path)
  }

  private var names: [String] {
    get throws { try files.contentsOfDirectory(atPath: place.path).sorted() }
  }

  @Test("an input that has the name of a temporary file of former versions survives")
  func partialInput() throws {
    try files.createDirectory(atPath: place.path + "/o", withIntermediateDirectories: true)
    try files.copyItem(atPath: media("image.png"), toPath: place.path + "/o/a.jpg.partial")
    let outcome = try run("a.jpg", "o/a.jpg.partial", "--frames", "o")
    #expect(outcome.status == 0, "\(outcome.errors)")
    let after = try Data(contentsOf: URL(filePath: place.path + "/o/a.jpg.partial"))
    #expect(try after == Data(contentsOf: URL(filePath: media("image.png"))))
    #expect(place.exists("o/a.jpg") && place.exists("o/o/a.jpg.partial.jpg"))
  }

  @Test(
    "a name in the text of a source never leads out of the folder",
    arguments: [
      "../\u{301}x", "/\u{338}../../x", "a/\u{20D2}../../../x",
    ])
  func outside(id: String) throws {
    try files.createDirectory(atPath: place.path + "/g", withIntermediateDirectories: true)
    let outcome = try run("a.jpg", "--id", id, "--frames", "g/out", "--crops", "g/crops")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try names == ["a.jpg", "g"])
    #expect(
      Set(try files.contentsOfDirectory(atPath: place.path + "/g")).isSubset(of: ["out", "crops"]))
    #expect(place.exists("g/out"))
  }

  @Test("an output's folder may have any name of bytes")
  func combiningFolder() throws {
    let outcome = try run("a.jpg", "--frames", "g/\u{301}out", "--jsonl", "\u{301}o.jsonl")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(place.exists("g/\u{301}out/a.jpg") && place.exists("\u{301}o.jsonl"))
  }

  @Test("two sources that want one video get one each")
  func videos() throws {
    for name in ["c.webm", "c.webm.mp4"] {
      try files.copyItem(atPath: media("marker.mp4"), toPath: place.path + "/" + name)
    }
    let outcome = try run("c.webm", "c.webm.mp4", "--video", "E/")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try files.contentsOfDirectory(atPath: place.path + "/E").sorted()
        == ["c.webm-2.mp4", "c.webm.mp4"])
  }

  @Test(
    "what can't work is exit 2 before any work, and nothing is written",
    arguments: [
      ["a.jpg", "--frames", "f", "--crops", "./f/"], ["a.jpg", "--frames", "d", "--video", "d"],
      ["a.jpg", "--jsonl", "d"], ["a.jpg", "--jsonl", "new/"], ["a.jpg", "--frames", "file"],
      ["a.jpg", "--frames", "/dev/null"],
      ["a.jpg", "--crops", "file"], ["a.jpg", "--jsonl", "x", "--video", "d/../x"],
      ["a.jpg", "--jsonl", "list.txt", "@list.txt"],
      ["a.jpg", "--jsonl", "labels", "--labels", "labels"],
      ["a.jpg", "missing.jpg", "--jsonl", "d/../missing.jpg"], ["./a.jpg", "--frames", "."],
      ["file://PLACE/a.jpg", "--jsonl", "a.jpg"], ["clip.mp4", "--frames", "."],
      ["clip.mp4", "--video", "."], ["clip.webm", "clip.webm.mp4", "--video", "./"],
      ["a.jpg", "--frames", "f", "--jsonl", "f/a.jpg"],
      ["clip.mp4", "--frames", "f", "--video", "f/clip.mp4"],
      ["a.jpg", "--video", "x.xyz"], ["a.jpg", "--video", "x"],
      ["a.jpg", "--frames", "g"], ["clip.mp4", "--frames", "g"], ["clip.mp4", "--crops", "g"],
    ])
  func refused(arguments: [String]) throws {
    try files.createDirectory(atPath: place.path + "/d", withIntermediateDirectories: true)
    try files.createDirectory(atPath: place.path + "/g/a.jpg", withIntermediateDirectories: true)
    try place.write("x", to: "g/clip.mp4")
    try place.write("a.jpg\n", to: "list.txt")
    for name in ["file", "labels"] {
      try place.write("background\nperson\ntraffic light\n", to: name)
    }
    for name in ["clip.mp4", "clip.webm", "clip.webm.mp4"] {
      try files.copyItem(atPath: media("marker.mp4"), toPath: place.path + "/" + name)
    }
    let before = try names
    let arguments = arguments.map { $0.replacing("PLACE", with: place.path) }
    let outcome = try Program.run(
      arguments + ["--model", TinyModel.detector], in: place.path)
    #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    #expect(try names == before)
    #expect(try files.contentsOfDirectory(atPath: place.path + "/d").isEmpty)
  }

  @Test("the model is an input as well")
  func model() throws {
    try files.copyItem(atPath: TinyModel.detector, toPath: place.path + "/m.safetensors")
    let outcome = try Program.run(
      ["a.jpg", "--model", "m.safetensors", "--jsonl", "m.safetensors"], in: place.path)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(
      files.contentsEqual(atPath: TinyModel.detector, andPath: place.path + "/m.safetensors"))
  }

  @Test("the model is an input as well where a picture's name gets a number")
  func numberedModel() throws {
    try files.createDirectory(atPath: place.path + "/o", withIntermediateDirectories: true)
    try files.copyItem(atPath: TinyModel.detector, toPath: place.path + "/o/a-2.jpg")
    let outcome = try Program.run(
      ["a.jpg", "./a.jpg", "--model", "o/a-2.jpg", "--frames", "o", "--progress", "none"],
      in: place.path)
    #expect(outcome.errors.contains("one of the inputs"), "\(outcome.errors)")
    #expect(files.contentsEqual(atPath: TinyModel.detector, andPath: place.path + "/o/a-2.jpg"))
  }

  @Test("what standard input comes from is an input as well")
  func redirectedInput() throws {
    try files.copyItem(atPath: media("marker.mp4"), toPath: place.path + "/clip.mp4")
    let outcome = try Program.shell(
      "\"$PROGRAM\" - --model '\(TinyModel.detector)' --video clip.mp4 < clip.mp4", in: place.path)
    #expect(outcome.status == 2, "\(outcome.errors)")
    #expect(files.contentsEqual(atPath: media("marker.mp4"), andPath: place.path + "/clip.mp4"))
  }

  @Test("what a playlist names is an input as well, also through another playlist")
  func segments() throws {
    try files.copyItem(atPath: media("marker.mp4"), toPath: place.path + "/one.mp4")
    try place.write("#EXTM3U\n#EXTINF:1,\none.mp4\n#EXT-X-ENDLIST\n", to: "low.m3u8")
    try place.write(
      "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlow.m3u8\n#EXT-X-ENDLIST\n", to: "all.m3u8")
    try place.write("ffconcat version 1.0\nfile one.mp4\n", to: "list.ffconcat")
    for source in ["low.m3u8", "all.m3u8", "list.ffconcat"] {
      for output in ["--video", "--jsonl"] {
        let outcome = try Program.run(
          [source, "--model", TinyModel.detector, output, "one.mp4"], in: place.path)
        #expect(outcome.status == 2, "\(source): \(outcome.errors)")
        #expect(outcome.errors.contains("one of the inputs"), "\(outcome.errors)")
      }
    }
    #expect(files.contentsEqual(atPath: media("marker.mp4"), andPath: place.path + "/one.mp4"))
  }

  @Test("commands for models don't write over what they read")
  func modelCommands() throws {
    try place.write("background\nperson\n", to: "labels")
    for name in ["m.safetensors", "n.bin"] {
      try files.copyItem(atPath: TinyModel.detector, toPath: place.path + "/" + name)
    }
    try place.write("7767517\n", to: "n.param")
    for arguments in [
      ["models", "import", "n.param", "--labels", "labels", "-o", "labels"],
      ["models", "import", "n.param", "--labels", "labels", "-o", "n.bin"],
      ["models", "pack", "m.safetensors", "-o", "./m.safetensors"],
      ["models", "quantize", "m.safetensors", "--calibrate", "a.jpg", "-o", "a.jpg"],
      ["bench", "--model", "m.safetensors", "--outputs", "m.safetensors"],
    ] {
      let before = try names.map { files.contents(atPath: place.path + "/" + $0) }
      let outcome = try Program.run(arguments, in: place.path)
      #expect(outcome.status == 2, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains("one of the inputs"), "\(outcome.errors)")
      #expect(try names.map { files.contents(atPath: place.path + "/" + $0) } == before)
    }
  }

  @Test("of two commands that make one model, the second is refused before its work")
  func secondModel() throws {
    let render = try Program.shell(
      "ffmpeg -v error -f lavfi -i testsrc2=size=128x96:duration=200 -c:v mpeg4 long.mp4",
      in: place.path)
    try #require(render.status == 0, "\(render.errors)")
    let arguments = [
      "models", "quantize", TinyModel.detector, "--stride", "1", "-o", "m.safetensors",
    ]
    let first = try Running(Program.path, arguments + ["--calibrate", "long.mp4"], in: place.path)
    try first.waitUntil { try names.contains { $0.hasPrefix("m.safetensors") } }
    first.send(SIGSTOP)
    let second = try Program.run(arguments + ["--calibrate", "a.jpg"], in: place.path)
    #expect(second.status == 2, "\(second.errors)")
    #expect(second.errors.contains("nother run is writing it"), "\(second.errors)")
    first.send(SIGKILL)
    _ = try first.wait()
    let failed = try Program.run(arguments + ["--calibrate", "list.txt"], in: place.path)
    #expect(failed.status != 0)
    #expect(try !names.contains { $0.hasSuffix(".partial") })
  }

  @Test(
    "of two runs with one output, the second is refused before any work",
    arguments: [
      ["--jsonl", "o"], ["--video", "o.mp4"], ["--frames", "o"], ["--crops", "o"],
      ["--jsonl", "o", "--append"], ["--jsonl", "o", "--rotate", "1MB"],
    ])
  func second(output: [String]) throws {
    let render = try Program.shell(
      "ffmpeg -v error -f lavfi -i testsrc2=size=128x96:duration=200 -c:v mpeg4 long.mp4",
      in: place.path)
    try #require(render.status == 0, "\(render.errors)")
    let arguments =
      ["long.mp4", "--model", TinyModel.detector, "--conf", "0.01", "--progress", "none"] + output
    let first = try Running(Program.path, arguments, in: place.path)
    try first.waitUntil { try isBegun(output) }
    first.send(SIGSTOP)
    let second = try Program.run(arguments + ["--limit", "5"], in: place.path)
    #expect(second.status == 2, "\(second.errors)")
    #expect(second.errors.contains("nother run is writing it"), "\(second.errors)")
    first.send(SIGKILL)
    _ = try first.wait()
    // A killed run blocks no other.
    let third = try Program.run(arguments + ["--limit", "5"], in: place.path)
    #expect(third.status == 0, "\(third.errors)")
    #expect(try !names.contains { $0.hasSuffix(".partial") })
  }

  /// Whether a run has come as far as its output, and has had the time to claim it.
  private func isBegun(_ output: [String]) throws -> Bool {
    guard try isMade(output) else { return false }
    // The lock comes right after the file or the folder.
    usleep(200_000)
    return true
  }

  private func isMade(_ output: [String]) throws -> Bool {
    if output[0] == "--frames" || output[0] == "--crops" { return place.exists("o/long.mp4") }
    return try names.contains { $0.hasPrefix("o") }
  }
}
