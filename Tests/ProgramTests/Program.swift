import Foundation
import Output
import TestSupport
import Testing

/// The built program, run as users run it.
struct Program {
  /// The outcome of a run.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
    var seconds: Double

    /// The JSON lines on standard output.
    func lines() throws -> [JSONValue] { try parsedLines(output) }
  }

  /// The program is in the folder of the test bundle.
  static let path: String = {
    let candidates =
      [Bundle.main.bundleURL]
      + Bundle.allBundles.map(\.bundleURL) + [URL(filePath: CommandLine.arguments[0])]
    for candidate in candidates {
      var folder = candidate
      for _ in 0..<4 {
        let program = folder.appending(path: "stream-detect").path
        if FileIdentity(path: program) != nil { return program }
        folder.deleteLastPathComponent()
      }
    }
    return "stream-detect"
  }()

  /// Runs the program in `folder` until it ends.
  static func run(
    _ arguments: [String], in folder: String, input: Data? = nil,
    environment: [String: String] = [:]
  ) throws -> Outcome {
    let running = try Running(
      path, arguments, in: folder, input: input, environment: environment)
    return try running.wait()
  }

  /// Runs a line of shell; `$PROGRAM` is the program.
  static func shell(_ script: String, in folder: String) throws -> Outcome {
    let running = try Running(
      "/bin/bash", ["-c", script], in: folder, input: nil, environment: ["PROGRAM": path])
    return try running.wait()
  }
}

/// A running process.
///
/// Its output goes into files, so that it cannot block on a full pipe.
final class Running {
  let process = Process()
  private let folder: URL
  private let begun = Date()

  init(
    _ path: String, _ arguments: [String], in working: String, input: Data? = nil,
    environment: [String: String] = [:]
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["in", "out", "err"] {
      try (name == "in" ? input ?? Data() : Data()).write(to: folder.appending(path: name))
    }
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: working)
    process.environment = ProcessInfo.processInfo.environment
      .merging(["STREAM_DETECT_MODELS": working + "/no-models"]) { $1 }
      .merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: "in"))
    process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
    process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
    try withSignals { try process.run() }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func text(_ name: String) throws -> String {
    try contents(folder.appending(path: name).path)
  }

  /// What has been written to standard output so far.
  func output() throws -> String { try text("out") }
  /// What has been written to standard error so far.
  func errors() throws -> String { try text("err") }

  /// Sends a signal.
  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end; a program that hangs is killed after `limit` seconds, and the test fails.
  func wait(limit: Double = 300) throws -> Program.Outcome {
    let deadline = Date(timeIntervalSinceNow: limit)
    while process.isRunning && Date() < deadline { usleep(5000) }
    if process.isRunning {
      Issue.record("\(process.arguments ?? []) still runs after \(limit) s")
      send(SIGKILL)
    }
    process.waitUntilExit()
    let seconds = Date().timeIntervalSince(begun)
    let status =
      process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
    return Program.Outcome(
      status: status, output: try text("out"), errors: try text("err"), seconds: seconds)
  }

  /// Waits until `condition` is true; the test fails after `limit` seconds.
  func waitUntil(limit: Double = 120, _ condition: () throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: limit)
    while try !condition() {
      guard Date() < deadline, process.isRunning else {
        Issue.record("\(process.arguments ?? []): what was waited for did not happen")
        return
      }
      usleep(5000)
    }
  }
}

/// Runs `body` on a thread that takes the signals that end a program.
///
/// Threads of tests block them, which a process that is started there would inherit.
private func withSignals(_ body: () throws -> Void) rethrows {
  var (signals, before) = (sigset_t(), sigset_t())
  unsafe sigemptyset(&signals)
  for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, signal) }
  unsafe pthread_sigmask(SIG_UNBLOCK, &signals, &before)
  defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
  try body()
}

/// The text of a file.
///
/// Not by `Data(contentsOf:)`, which leaks its buffer when the file is empty (Swift 6.3.1).
func contents(_ path: String) throws -> String {
  let file = try FileHandle(forReadingFrom: URL(filePath: path))
  return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
}

/// JSON lines as values.
func parsedLines(_ text: String) throws -> [JSONValue] {
  try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
}
