import Foundation
import Pipeline
import Testing

@testable import Output

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
    #expect(exists(path + ".partial"))
    try file.finish()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "hello\n")
    #expect(!exists(path + ".partial"))
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

  @Test("sources with the same name in different folders stay apart")
  func tree() throws {
    let tree = OutputTree(root: folder, inputs: [])
    #expect(tree.place(of: "a/clip.mp4") == "a/clip.mp4")
    #expect(tree.place(of: "b/clip.mp4") == "b/clip.mp4")
    #expect(tree.place(of: "/a/clip.mp4") == "a/clip.mp4-2")
    #expect(tree.place(of: "a/clip.mp4") == "a/clip.mp4")
    let path = try tree.path(for: "b/clip.mp4", suffix: "/000001.jpg")
    #expect(path == folder + "/b/clip.mp4/000001.jpg")
    #expect(isDirectory(folder + "/b/clip.mp4"))
  }

  @Test(
    "no name of a source leads out of the folder",
    arguments: [
      ("../../etc/passwd", "__/__/etc/passwd"), ("./a", "a"), ("/", "source"), ("..", "__"),
      ("rtsp://10.0.0.5:554/h264?x=1", "rtsp/10.0.0.5_554/h264_x=1"), ("-", "stdin"),
      ("a\nb", "a_b"), ("a//b", "a/b"),
    ])
  func harmlessNames(source: String, expected: String) {
    #expect(OutputTree.harmless(source) == expected)
  }

  @Test("long names are shortened and stay different")
  func longNames() {
    let long = String(repeating: "ü", count: 200)
    let first = OutputTree.harmless(long + "1")
    let second = OutputTree.harmless(long + "2")
    #expect(first.utf8.count <= 200)
    #expect(first != second)
  }

  @Test("an output that is an input is refused, under any name")
  func refusesInput() throws {
    let input = folder + "/in.jpg"
    try Data("x".utf8).write(to: URL(filePath: input))
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/link.jpg", withDestinationPath: input)
    let identity = try #require(FileIdentity(path: input))
    let tree = OutputTree(root: folder, inputs: [identity])
    #expect(throws: SinkError.self) { try tree.path(for: "in", suffix: ".jpg") }
    #expect(throws: SinkError.self) { try tree.path(for: "link", suffix: ".jpg") }
    _ = try tree.path(for: "other", suffix: ".jpg")
  }
}
