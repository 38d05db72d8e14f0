#if os(Linux)
import Foundation
import TestSupport
import Testing

@Suite("Arguments on a drive that doesn't answer", .requires(.media), .requires(.mount))
struct StuckDriveProgramTests {
  /// Far longer than the deadline, and than what else a run does on a busy machine.
  private static let limit = 100.0

  private func start(_ arguments: [String], in place: Workplace) throws -> Running {
    let arguments = arguments.contains("--model") ? arguments : arguments + ["--model", model]
    return try Running(Program.path, arguments, in: place.path)
  }

  private func run(_ arguments: [String], in place: Workplace) throws -> Program.Outcome {
    try start(arguments, in: place).wait(limit: Self.limit)
  }

  private var model: String { TinyModel.detector }

  /// A place with the pictures `a.jpg` and `b.jpg`.
  private func makePlace() throws -> Workplace {
    let place = try Workplace()
    for name in ["a.jpg", "b.jpg"] {
      try FileManager.default.copyItem(
        atPath: media("photo.jpg"), toPath: place.path + "/" + name)
    }
    return place
  }

  private func makeDrive(isDead: Bool = true, at path: String? = nil) throws -> StuckDrive {
    try StuckDrive(Data(repeating: 65, count: 5000), readable: 0, isDead: isDead, at: path)
  }

  @Test("a source on it fails with 4, and the others are analysed")
  func source() throws {
    let place = try makePlace()
    let (dead, half) = (try makeDrive(), try makeDrive(isDead: false))
    defer { dead.remove() }
    defer { half.remove() }
    let sources =
      ["", "/x.mp4", "/*.jpg", "/**/x.jpg"].map { dead.path + $0 }
      + ["/stat.ts", "/folder", "/read.ts"].map { half.path + $0 }
    let runs = try sources.map { try start(["a.jpg", $0, "b.jpg"], in: place) }
    for (source, run) in zip(sources, runs) {
      let outcome = try run.wait(limit: Self.limit)
      #expect(outcome.status == 4, "\(source) after \(outcome.seconds) s: \(outcome.errors)")
      let ends = try outcome.lines("end")
      #expect(ends.map { $0["status"]?.string } == ["complete", "failed", "complete"])
      let reason = ends.dropFirst().first?["reason"]?.string
      #expect(reason?.hasPrefix("open_timeout: ") == true, "\(reason ?? "")")
      #expect(outcome.errors.contains("drive"), "\(outcome.errors)")
    }
  }

  @Test("three hundred files on it are waited for once, also through a link")
  func manyFiles() throws {
    let place = try makePlace()
    let drive = try makeDrive()
    defer { drive.remove() }
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/link", withDestinationPath: drive.path)
    let files = (0..<150).flatMap { ["\(drive.path)/\($0)/x.jpg", "link/\($0).jpg"] }
    let outcome = try run(files + ["a.jpg"], in: place)
    #expect(outcome.status == 4)
    let ends = try outcome.lines("end").map { $0["status"]?.string }
    #expect(ends == Array(repeating: "failed", count: 300) + ["complete"])
  }

  @Test("a folder that holds one gives its files", arguments: [true, false])
  func folder(isRecursive: Bool) throws {
    let place = try makePlace()
    try FileManager.default.createDirectory(
      atPath: place.path + "/in", withIntermediateDirectories: true)
    for name in ["a.jpg", "z.jpg"] {
      try FileManager.default.copyItem(
        atPath: place.path + "/a.jpg", toPath: place.path + "/in/" + name)
    }
    let drive = try makeDrive(at: place.path + "/in/drive")
    defer { drive.remove() }
    let outcome = try run(["in"] + (isRecursive ? ["--recursive"] : []), in: place)
    // Without --recursive, nothing in it is wanted.
    #expect(outcome.status == (isRecursive ? 4 : 0), "\(outcome.errors)")
    let complete = try outcome.lines("end").filter { $0["status"]?.string == "complete" }
    #expect(complete.compactMap { $0["source"]?.string } == ["in/a.jpg", "in/z.jpg"])
  }

  /// Arguments with the file elsewhere than among the sources, and the exit code.
  private static let otherFiles: [(String, Int32)] = [
    ("@DEAD/list", 4), ("@HALF/read.txt", 4), ("a.jpg --model DEAD/m.safetensors", 4),
    ("a.jpg --model HALF/read.safetensors", 4), ("a.jpg --labels DEAD/labels.txt", 4),
    ("a.jpg --labels HALF/read.txt", 4), ("a.jpg --jsonl DEAD/o.jsonl", 6),
    ("a.jpg --jsonl DEAD/o.jsonl --append", 6), ("a.jpg --frames DEAD/o", 6),
    ("a.jpg --video DEAD/o.mp4", 6), ("eval a.jpg --truth DEAD/truth.json", 4),
  ]

  @Test("another file on it ends the program with one line")
  func others() throws {
    let place = try makePlace()
    let (dead, half) = (try makeDrive(), try makeDrive(isDead: false))
    defer { dead.remove() }
    defer { half.remove() }
    let runs = try Self.otherFiles.map { arguments, _ in
      let paths = arguments.replacingOccurrences(of: "DEAD", with: dead.path)
        .replacingOccurrences(of: "HALF", with: half.path)
      return try start(paths.split(separator: " ").map(String.init) + ["-q"], in: place)
    }
    for ((arguments, status), run) in zip(Self.otherFiles, runs) {
      let outcome = try run.wait(limit: Self.limit)
      #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains("rive doesn't answer"), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
  }

  @Test("SIGTERM ends the wait", arguments: [["DRIVE/x.mp4"], ["a.jpg", "--jsonl", "DRIVE/o"]])
  func signal(arguments: [String]) throws {
    let place = try makePlace()
    let drive = try makeDrive()
    defer { drive.remove() }
    let paths = arguments.map { $0.replacingOccurrences(of: "DRIVE", with: drive.path) }
    let running = try Running(Program.path, paths + ["--model", model], in: place.path)
    usleep(1_500_000)
    running.send(SIGTERM)
    let outcome = try running.wait(limit: Self.limit)
    #expect(outcome.status == -SIGTERM || outcome.status == 143, "\(outcome.errors)")
  }
}
#endif
