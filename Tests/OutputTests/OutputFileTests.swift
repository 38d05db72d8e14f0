import Foundation
import Pipeline
import Testing

@testable import Output
@testable import Support

@Suite("Output files and folders")
final class OutputFileTests {
  private let folder: String

  init() throws {
    folder =
      FileManager.default.temporaryDirectory
      .appending(path: "output-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  @Test("a file gets its name only when it is complete")
  func partial() throws {
    let path = folder + "/a.jsonl"
    let file = try OutputFile(path)
    try file.write(Array("hello\n".utf8))
    try file.flush()
    #expect(!exists(path))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1)
    try file.finish()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.jsonl"])
  }

  @Test("an earlier result survives a run that fails")
  func earlierResult() throws {
    let path = folder + "/a.jsonl"
    try Data("old".utf8).write(to: URL(filePath: path))
    do {
      let file = try OutputFile(path)
      try file.write([1])
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }

  @Test("a full disk is an error that names the path")
  func fullDisk() throws {
    let file = try OutputFile("/dev/full")
    try file.write([1])
    let error = #expect(throws: SinkError.self) { try file.flush() }
    #expect(error?.kind == .outputFailed)
    #expect(error?.message.hasPrefix("/dev/full: no space left on device.") == true)
  }

  @Test("a missing folder is an error that says so")
  func missingFolder() throws {
    let error = #expect(throws: SinkError.self) { try OutputFile(folder + "/no/a.jsonl") }
    #expect(error?.message.contains("no such file or directory") == true)
  }

  @Test("a pipe whose reader has gone is a quiet stop only for standard output")
  func brokenPipe() throws {
    signal(SIGPIPE, SIG_IGN)
    let path = folder + "/pipe"
    let isMade = unsafe mkfifo(path, 0o600) == 0
    #expect(isMade)
    let reader = unsafe open(path, O_RDONLY | O_NONBLOCK)
    let file = try OutputFile(path)
    close(reader)
    try file.write([1])
    let error = #expect(throws: SinkError.self) { try file.flush() }
    #expect(error?.kind == .outputFailed)
    #expect(error?.message.contains("broken pipe. Its reader has gone") == true)
    #expect(SinkError(FileError(code: EPIPE, call: "write", path: "-")).kind == .brokenPipe)
    #expect(
      SinkError(FileError(code: EPIPE, call: "write", path: "/dev/stdout")).kind == .brokenPipe)
  }
}
