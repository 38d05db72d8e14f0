import Annotations
import Foundation
import Media
import Pipeline
import TestSupport
import Testing

@testable import Output

@Suite("Putting JSON lines aside")
struct LineRotationTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/day.jsonl" }

  init() throws { folder = try TemporaryFolder() }

  @Test("a file is due by its size, and by the clock")
  func due() {
    let noon = Date(timeIntervalSince1970: 1_795_867_200)
    let size = LineRotation(bytes: 100)
    #expect(
      !size.isDue(size: 60, adding: 40, begun: noon)
        && size.isDue(size: 61, adding: 40, begun: noon))
    let hour = LineRotation(seconds: 3600)
    func isDue(_ begun: Double, _ now: Double) -> Bool {
      hour.isDue(size: 1, adding: 1, begun: noon + begun, now: noon + now)
    }
    #expect(!isDue(0, 3599) && isDue(0, 3600) && isDue(3599, 3600) && isDue(1800, 9000))
    // A clock that was set back.
    #expect(isDue(0, -1))
  }

  @Test("names have the time of the first line before the suffix")
  func names() {
    let date = Date(timeIntervalSince1970: 1_795_867_200)
    func first(_ path: String) -> [String] {
      Array(LineRotation.names(for: path, begun: date).prefix(2))
    }
    #expect(
      first("a/day.jsonl") == ["a/day.20261128T120000Z.jsonl", "a/day.20261128T120000Z-2.jsonl"])
    #expect(first("a.b/day")[0] == "a.b/day.20261128T120000Z")
    #expect(first(".day")[0] == ".day.20261128T120000Z")
  }

  @Test("each file has whole lines, and begins with the run and the open sources")
  func pieces() throws {
    let file = try OutputFile(path, mode: .appending)
    let sink = JSONLinesSink(
      file, run: JSONLinesTests.run, labels: ["background", "person"],
      rotation: LineRotation(bytes: 4000))
    try sink.start()
    try sink.sourceStarted(Records.start(.live))
    for _ in 0..<100 { try sink.frame(Records.frame([Records.detection()])) }
    try sink.sourceEnded(SourceEnd(source: "cam1", status: .complete))
    try sink.finish(RunSummary(), exitCode: 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.count > 3 && names.contains("day.jsonl"))
    var frames = 0
    for name in names {
      let text = try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
      #expect(text.utf8.count <= 4000 && text.hasSuffix("\n"))
      let types = try text.split(separator: "\n").map {
        try JSONValue(parsing: String($0))["type"]?.string
      }
      #expect(types.prefix(2) == ["run", "source"], "\(name): \(types)")
      #expect(name.hasPrefix("day."))
      frames += types.count { $0 == "frame" }
    }
    #expect(frames == 100)
  }

  @Test("a file of an earlier hour is put aside when the next run begins")
  func earlier() throws {
    try Data("{\"type\":\"run\"}\n".utf8).write(to: URL(filePath: path))
    let old = Date(timeIntervalSince1970: 1_795_867_200 - 86_400)
    try FileManager.default.setAttributes([.modificationDate: old], ofItemAtPath: path)
    let sink = JSONLinesSink(
      try OutputFile(path, mode: .appending), run: JSONLinesTests.run, labels: ["background"],
      rotation: LineRotation(seconds: 3600))
    try sink.start()
    try sink.finish(RunSummary(), exitCode: 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(names == ["day.20261127T120000Z.jsonl", "day.jsonl"])
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 2)
  }
}
