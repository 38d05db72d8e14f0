import Foundation
import TestSupport
import Testing

/// Made results: two people, a car that waits, a line that is crossed.
enum MadeResults {
  static let source =
    #"{"type":"source","source":"walk.mp4","uri":"walk.mp4","kind":"file","width":320,"height":240}"#
  static let end = #"{"type":"end","source":"walk.mp4","status":"complete","reason":null}"#

  static func frame(_ index: Int, isTracked: Bool = true, source: String = "walk.mp4") -> String {
    func object(_ label: String, _ id: Int, _ x: Int, _ confidence: Double) -> String {
      #"{"label":"\#(label)","confidence":\#(confidence),"bbox":[\#(x),100,30,60]"#
        + (isTracked ? #","track_id":\#(id)}"# : "}")
    }
    var objects = [object("car", 1, 200, 0.8)]
    if index >= 10 { objects.append(object("person", 2, 5 * index, 0.9)) }
    if index >= 30 { objects.append(object("person", 3, 300 - 5 * index, 0.7)) }
    return #"{"type":"frame","source":"\#(source)","frame":\#(index),"t":\#(Double(index) / 25),"#
      + #""width":320,"height":240,"objects":[\#(objects.joined(separator: ","))]}"#
  }

  static func lines(isTracked: Bool = true) -> [String] {
    let crossing =
      #"{"type":"event","source":"walk.mp4","id":"walk.mp4-2","phase":"update","change":"cross","#
      + #""t":0.9,"label":"person","track_id":2,"line":"gate","direction":"in"}"#
    return [source] + (0..<50).map { frame($0, isTracked: isTracked) }
      + (isTracked ? [crossing, end] : [end])
  }

  static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}

@Suite("summary")
struct SummaryTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private func summary(_ arguments: String..., input: Data? = nil) throws -> Program.Outcome {
    try Program.run(["summary"] + arguments, in: place.path, input: input)
  }

  /// The words of each line.
  private func rows(_ text: String) -> [[String]] {
    text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
  }

  @Test("a table tells classes, stays and crossings")
  func table() throws {
    try place.write(MadeResults.text(MadeResults.lines()), to: "run.jsonl")
    let outcome = try summary("run.jsonl")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(
      outcome.output.hasPrefix(
        "walk.mp4: complete, 0:00.0 to 0:02.0, 50 frames, 25.0 a second, 110 objects, 3 tracks\n"))
    let rows = rows(outcome.output)
    #expect(rows.contains(["person", "2", "60", "40", "2", "0.90", "0:00.4", "0:02.0"]))
    #expect(rows.contains(["car", "1", "50", "50", "1", "0.80", "0:00.0", "0:02.0"]))
    #expect(rows.contains(["person", "2", "0:00.4", "0:02.0", "0:01.6", "40", "0.90"]))
    #expect(rows.contains(["gate", "person", "1"]))
    let piped = try summary("-", input: Data(MadeResults.text(MadeResults.lines()).utf8))
    #expect(piped.output == outcome.output)
  }

  @Test("programs get a JSON object")
  func json() throws {
    try place.write(MadeResults.text(MadeResults.lines()), to: "run.jsonl")
    let source = try #require(
      try JSONValue(parsing: summary("run.jsonl", "--json", "--top", "2").output)["sources"]?.array?
        .first)
    #expect(source["status"]?.string == "complete" && source["tracks"]?.integer == 3)
    #expect(source["classes"]?.array?.first?["label"]?.string == "person")
    #expect(source["longest"]?.array?.map { $0["track_id"]?.integer } == [1, 2])
    #expect(source["lines"]?.array?.first?["crossings"]?["in"]?.integer == 1)
  }

  @Test("results without tracks count objects, and say so")
  func untracked() throws {
    let lines = MadeResults.lines(isTracked: false)
    try place.write(MadeResults.text(lines), to: "a.jsonl")
    try place.write(
      MadeResults.text([MadeResults.frame(3, isTracked: false, source: "b")]), to: "b.jsonl")
    let outcome = try summary("a.jsonl", "b.jsonl")
    #expect(outcome.status == 0 && outcome.output.contains("'stream-detect track"))
    #expect(outcome.output.contains("b: unfinished"))
    #expect(outcome.output.contains("all: 2 sources, 51 frames, 111 objects\n"))
    let json = try JSONValue(parsing: summary("a.jsonl", "--json").output)
    #expect(json["sources"]?.array?.first?["tracks"] == .null)
  }

  @Test("a last line that is cut off is left out, with a note")
  func truncated() throws {
    let whole = MadeResults.text([MadeResults.source, MadeResults.frame(0), MadeResults.frame(1)])
    try place.write(String(whole.dropLast(20)), to: "run.jsonl")
    let outcome = try summary("run.jsonl")
    #expect(outcome.status == 0 && outcome.output.contains("unfinished"))
    #expect(outcome.output.contains("1 frame,"))
    #expect(outcome.errors.contains("run.jsonl: the last line (3) is cut off"))
    // The same in the middle is damage.
    try place.write(String(whole.dropLast(20)) + "\n" + MadeResults.frame(2), to: "bad.jsonl")
    let damaged = try summary("bad.jsonl")
    #expect(damaged.status == 2 && damaged.errors.contains("bad.jsonl:3: "))
    #expect(damaged.output.isEmpty)
  }

  @Test("wrong arguments and files are refused")
  func usage() throws {
    try place.write("", to: "empty.jsonl")
    try place.write("\u{1}\u{2}binary\n\n", to: "binary.jsonl")
    for arguments in [
      [], ["missing.jsonl"], ["."], ["empty.jsonl"], ["binary.jsonl"], ["-", "-"],
      ["binary.jsonl", "--top", "-1"],
    ] {
      let outcome = try Program.run(["summary"] + arguments, in: place.path)
      #expect(outcome.status == 2 && !outcome.errors.isEmpty, "\(arguments)")
      #expect(outcome.output.isEmpty)
    }
  }

  @Test("names of the results don't steer the terminal")
  func printable() throws {
    let evil = MadeResults.frame(0).replacing("walk.mp4", with: #"\u001b[31mred\n"#)
      .replacing("car", with: #"\u009bc\u202e"#)
    try place.write(MadeResults.text([evil]), to: "run.jsonl")
    for arguments in [["run.jsonl"], ["run.jsonl", "--json"]] {
      let outcome = try Program.run(["summary"] + arguments, in: place.path)
      #expect(outcome.status == 0)
      #expect(!outcome.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
      #expect(!outcome.output.unicodeScalars.contains { [0x9B, 0x202E].contains($0.value) })
    }
  }
}
