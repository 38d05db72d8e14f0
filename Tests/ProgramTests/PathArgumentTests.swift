import Foundation
import TestSupport
import Testing

/// Paths that are hardly ever given, for every argument that takes one.
@Suite("Odd paths", .serialized)
struct PathArgumentTests {
  /// What comes before and after the path.
  struct Use: Sendable, CustomTestStringConvertible {
    var before: [String]
    var after: [String]

    init(_ before: String..., after: [String] = []) {
      self.before = before
      self.after = after
    }

    var testDescription: String { (before + ["PATH"] + after).joined(separator: " ") }
  }

  // No source can be read, so nothing is written anywhere.
  static let uses = [
    Use("detect"), Use("detect", "--recursive"), Use("none.mp4", "--model"),
    Use("none.mp4", "--labels"), Use("none.mp4", "--jsonl"), Use("none.mp4", "--video"),
    Use("none.mp4", "--frames"), Use("none.mp4", "--crops"), Use("none.mp4", "--id"),
    Use("eval", "--pred", "none.jsonl", "--truth"), Use("eval", "--truth", "t.json", "--pred"),
    Use("eval", "--truth", "t.json", "--images"), Use("eval", "--truth", "t.json"),
    Use("eval", "--truth", "t.json", "--pred", "none.jsonl", "--class-map"),
    Use("eval", "--truth", "t.json", "--pred", "none.jsonl", "-o"),
    Use("eval", "--truth", "t.json", "--pred", "none.jsonl", "--plot"),
    Use("classify"), Use("classify", "none.jpg", "--model"), Use("probe"),
    Use("models", "info"), Use("models", "verify"), Use("models", "verify", "--against"),
    Use("models", "pack", "none", "-o"), Use("models", "pack", after: ["-o", "none/o"]),
    Use("models", "import", after: ["-o", "none/o"]), Use("models", "import", "none.pth", "-o"),
    Use("models", "import", "none.pth", "-o", "none/o", "--labels"),
    Use("models", "quantize", "built-in", "-o", "none/o", "--calibrate"),
    Use("models", "quantize", "none", "--calibrate", "none.jpg", "-o"),
    Use("models", "quantize", "none", "--calibrate", "a", "-o", "none/o", "--truth"),
    Use("bench", "--brief", "--frames", "1", "--input"),
  ]

  @Test("every path ends with one of the documented exit codes", arguments: uses)
  func ends(use: Use) throws {
    let place = try Workplace()
    try place.write("no media", to: "a")
    try place.write("é", to: "é")
    try place.write(#"{"images":[{"id":1}],"annotations":[],"categories":[]}"#, to: "t.json")
    for path in ["a", "é", ".", "", "@a"] {
      let outcome = try Program.run(
        use.before + [path] + use.after, in: place.path, environment: ["HOME": "a"])
      #expect((0...6).contains(outcome.status), "'\(path)': \(outcome.status) \(outcome.errors)")
    }
    for path in ["//"] where use.before != ["detect", "--recursive"] {
      // Folders that may be large are only given to options that do not walk through them.
      guard !use.before.contains("detect"), !use.before.contains("--images"),
        use.before != ["eval", "--pred", "none.jsonl", "--truth"],
        use.before != ["eval", "--truth", "t.json"], !use.before.contains("--calibrate")
      else { continue }
      let outcome = try Program.run(use.before + [path] + use.after, in: place.path)
      #expect((0...6).contains(outcome.status), "'\(path)': \(outcome.status) \(outcome.errors)")
    }
  }

  @Test("a truth may be a folder or file of one letter, or the working folder")
  func truth() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(
      atPath: place.path + "/d/labels", withIntermediateDirectories: true)
    try place.write("0 0.5 0.5 0.2 0.2", to: "d/labels/x.txt")
    try place.write("cat", to: "d/classes.txt")
    try place.write(
      #"{"type":"frame","source":"x.jpg","frame":0,"t":0,"width":9,"height":9,"objects":[]}"#,
      to: "d/p")
    for (truth, folder) in [
      ("d", ""), ("d/", ""), (".", "/d"), ("labels", "/d"), (".", "/d/labels"), ("..", "/d/labels"),
    ] {
      let outcome = try Program.run(
        ["eval", "--truth", truth, "--pred", place.path + "/d/p"], in: place.path + folder)
      #expect(outcome.status == 0, "\(truth) in \(folder): \(outcome.status) \(outcome.errors)")
    }
  }
}
