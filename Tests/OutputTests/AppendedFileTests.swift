import Foundation
import Pipeline
import TestSupport
import Testing

@testable import Output
@testable import Support

@Suite("Files of lines that grow")
struct AppendedFileTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/day.jsonl" }

  init() throws { folder = try TemporaryFolder() }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func append(_ line: String) throws {
    let file = try OutputFile(path, mode: .appending)
    try file.write(Array("\(line)\n".utf8))
    try file.finish()
  }

  @Test("lines are added to those of earlier runs, and visible at once")
  func grows() throws {
    try append(#"{"type":"run"}"#)
    let file = try OutputFile(path, mode: .appending)
    try file.write(Array("{}\n".utf8))
    try file.flush()
    #expect(try text() == "{\"type\":\"run\"}\n{}\n")
  }

  @Test(
    "a line that a killed run has left unfinished is removed, a whole one gets its end",
    arguments: [
      ("{\"type\":\"run\"}\n{\"type\":\"fra", "{\"type\":\"run\"}\n"),
      ("{\"type\":\"run\"}\n\0\0\0\0", "{\"type\":\"run\"}\n"),
      ("{\"type\":\"run\"}", "{\"type\":\"run\"}\n"), ("{\"type\":\"ru", ""), ("", ""),
    ])
  func unfinished(before: String, kept: String) throws {
    try Data(before.utf8).write(to: URL(filePath: path))
    try append("{}")
    #expect(try text() == kept + "{}\n")
  }

  @Test("a long unfinished line is removed as a whole")
  func longLine() throws {
    let long = "{}\n{\"type\":\"frame\"," + String(repeating: "x", count: 200_000)
    try Data(long.utf8).write(to: URL(filePath: path))
    try append("{}")
    #expect(try text() == "{}\n{}\n")
  }

  @Test("a file of something else is refused and stays as it is")
  func otherFile() throws {
    try Data("my notes".utf8).write(to: URL(filePath: path))
    let error = #expect(throws: SinkError.self) { try OutputFile(path, mode: .appending) }
    #expect(error?.kind == .refused)
    #expect(error?.message.contains("something other than JSON lines") == true)
    #expect(try text() == "my notes")
  }

  @Test("while it grows, other writers are refused")
  func second() throws {
    let file = try OutputFile(path, mode: .appending)
    for mode in [OutputFile.Mode.appending, .replacing] {
      let error = #expect(throws: SinkError.self) { try OutputFile(path, mode: mode) }
      #expect(error?.kind == .refused)
    }
    try file.finish()
  }

  @Test("what is put aside never replaces a file")
  func rotates() throws {
    try append("{\"n\":1}")
    try folder.add("free", "taken")
    let file = try AppendedFile(path)
    try file.rotate(to: [folder.path + "/free", folder.path + "/free-2"])
    try file.write(Array("{}\n".utf8))
    try file.finish()
    #expect(try text() == "{}\n" && file.size == 3)
    #expect(try String(contentsOfFile: folder.path + "/free-2", encoding: .utf8) == "{\"n\":1}\n")
    #expect(try String(contentsOfFile: folder.path + "/free", encoding: .utf8) == "taken")
    // The claim goes with the name.
    #expect(throws: FileError.self) { try AppendedFile(path) }
  }
}
