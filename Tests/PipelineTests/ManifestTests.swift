import Foundation
import TestSupport
import Testing

@testable import Pipeline

struct ManifestTests {
  private func entries(_ lines: String, takesSettings: Bool = true) throws -> [SourceEntry] {
    let folder = try TemporaryFolder()
    let path = try folder.add("list.jsonl", lines)
    guard takesSettings else {
      return try SourceList.expand(["@\(path)"]).map { SourceEntry(source: $0, settings: nil) }
    }
    return try SourceList.entries(["@\(path)"], isRecursive: false).entries
  }

  @Test("a line of a batch may have a part and options of its own")
  func settings() throws {
    let found = try entries(
      """
      {"id": "x", "uri": "a.mp4", "start": 1.5, "end": "0:10"}
      {"uri": "b.mp4", "options": {"fps": 2, "conf": 0.25, "keyframes": true, "events": false,
      """.replacing("false,\n", with: "false, ")
        + #""classes": ["a", "b"], "size": "512x288"}}"# + "\n{\"uri\": \"c.mp4\"}\n")
    #expect(found.map(\.source.name) == ["x", "b.mp4", "c.mp4"])
    #expect(found[0].settings?.part == SourcePart(start: 1.5, end: 10))
    #expect(found[0].settings?.options == [])
    let options = try #require(found[1].settings?.options)
    #expect(options.map(\.name) == ["classes", "conf", "events", "fps", "keyframes", "size"])
    #expect(options.map(\.values) == [["a", "b"], ["0.25"], [], ["2"], ["true"], ["512x288"]])
    #expect(options.map(\.isFlag) == [false, false, true, false, true, false])
    #expect(found[1].settings?.part == nil && found[2].settings == nil)
  }

  @Test(
    "a line that is wrong is an error that names it",
    arguments: [
      (#"{"uri": "a", "strat": 1}"#, "Did you mean 'start'?"),
      (#"{"uri": "a", "start": "soon"}"#, "start isn't a time"),
      (#"{"uri": "a", "start": -1}"#, "start isn't a time"),
      (#"{"uri": "a", "end": 1e99}"#, "end isn't a time"),
      (#"{"uri": "a", "start": 5, "end": 5}"#, "not after the start"),
      (#"{"id": "a"}"#, "isn't a JSON object"), (#"{"uri": "a", "options": 5}"#, "JSON object"),
      (#"{"uri": "a", "options": {"zone": [["x"]]}}"#, "JSON object"),
      (#"{"id": "", "uri": "a"}"#, "id is empty"), (#"{"id": "x", "uri": "a"}"#, "used twice"),
    ])
  func faults(line: String, expected: String) throws {
    do {
      _ = try entries("{\"id\": \"x\", \"uri\": \"first\"}\n\n# note\n\(line)\n")
      Issue.record("\(line) was taken")
    } catch let error as SourceListError {
      #expect(error.argument.hasSuffix("list.jsonl:4"), "\(error)")
      #expect("\(error)".contains(expected), "\(error)")
    }
  }

  @Test("other commands take an id and a uri alone")
  func plain() throws {
    #expect(throws: SourceListError.self) {
      try entries(#"{"uri": "a", "start": 1}"#, takesSettings: false)
    }
    #expect(try entries(#"{"uri": "a"}"#, takesSettings: false).count == 1)
  }

  @Test("a batch reads once what is listed twice")
  func duplicates() throws {
    let folder = try TemporaryFolder()
    for name in ["a.mp4", "b.mp4"] { try folder.add(name, "x") }
    let list = try folder.add("list.txt", "\(folder.path)/a.mp4\n\(folder.path)/a.mp4\n")
    let found = try SourceList.entries(
      [folder.path + "/a.mp4", "@\(list)", folder.path], isRecursive: false)
    #expect(found.entries.map(\.source.name) == ["a.mp4", "b.mp4"].map { folder.path + "/" + $0 })
  }
}
