import Foundation
import Support
import TestSupport
import Testing

@testable import Annotations
@testable import Geometry

@Suite("Records of JSON lines")
struct RecordTests {
  private func line(_ record: Record) -> String {
    var json = JSONWriter()
    switch record {
    case .run(let run): run.write(to: &json)
    case .source(let source): source.write(to: &json)
    case .frame(let frame): frame.write(to: &json)
    case .classes(let classes): classes.write(to: &json)
    case .segments(let segments): segments.write(to: &json)
    case .event(let event): event.write(to: &json)
    case .gap(let gap): gap.write(to: &json)
    case .end(let end): end.write(to: &json)
    case .summary(let summary): summary.write(to: &json)
    }
    return String(decoding: json.bytes, as: UTF8.self)
  }

  private func read(_ text: String, _ kinds: Record.Kind...) throws -> [Record] {
    var reader = RecordReader(Data(text.utf8), path: "a.jsonl")
    var records: [Record] = []
    let kinds = kinds.isEmpty ? Set(Record.Kind.allCases) : Set(kinds)
    while let record = try reader.next(of: kinds) { records.append(record) }
    return records
  }

  @Test("what is written can be read back, and fits the schema", arguments: Record.Kind.allCases)
  func roundTrip(kind: Record.Kind) throws {
    let schema = try JSONSchema(Record.jsonSchema)
    for seed in 0..<100 {
      var random = RandomRecords(seed: UInt64(seed))
      let record = random.record(kind)
      let line = line(record)
      #expect(try read(line) == [record], "seed \(seed): \(line)")
      #expect(schema.faults(in: try JSONValue(parsing: line)).isEmpty, "seed \(seed): \(line)")
    }
  }

  @Test("numbers are rounded when they are written, and only then")
  func rounding() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<200 {
      func corner() -> Float { .random(in: -0.2...1.2, using: &random) }
      let frame = FrameRecord(
        source: "a", index: 0, t: .random(in: 0...1e5, using: &random), width: 1333, height: 777,
        objects: [
          ObjectRecord(
            label: "b", classID: 1, confidence: .random(in: 0...1, using: &random),
            box: BoundingBox(xMin: corner(), yMin: corner(), xMax: corner(), yMax: corner()),
            width: 1333, height: 777)
        ])
      let first = line(.frame(frame))
      let again = try #require(try read(first).first)
      #expect(line(again) == first)
    }
  }

  @Test("a line that breaks off is refused with its number")
  func damaged() throws {
    var random = SplitMix64(seed: 9)
    var records = RandomRecords(seed: 9)
    for kind in Record.Kind.allCases {
      let whole = line(records.record(kind))
      let end = whole.index(
        whole.startIndex, offsetBy: .random(in: 1..<whole.count - 1, using: &random))
      let error = #expect(throws: AnnotationError.self) { try read(whole + "\n\n" + whole[..<end]) }
      #expect(error?.path == "a.jsonl:3")
    }
  }

  @Test("lines of unwanted kinds and unknown types are skipped, whatever they lack")
  func otherLines() throws {
    let text = """
      {"type":"source","source":"a"}
      {"type":"note","source":7}
      {"source":"a"}

      {"type":"frame","source":"a","objects":[]}
      """
    let records = try read(text, .run, .frame)
    #expect(records == [.frame(.init(source: "a", index: 0, width: nil, height: nil, objects: []))])
    let error = #expect(throws: AnnotationError.self) { try read(text) }
    #expect(error?.path == "a.jsonl:1")
  }

  @Test("a class that is not reported, or that the model does not have, was not searched for")
  func searchedClasses() throws {
    let line =
      #"{"type":"run","model":{"classes":["cat","dog"]},"options":{"classes":[2,0,3,-9223372036854775808]}}"#
    guard case .run(let run)? = try read(line).first else {
      Issue.record("the line was not read as a run")
      return
    }
    #expect(run.searchedClasses == ["dog"])
  }

  @Test("a class without a name is called by its id")
  func labels() {
    #expect(ClassLabel.name(of: 1, in: ["background", "cat"]) == "cat")
    #expect(ClassLabel.name(of: 7, in: ["background", "cat"]) == "class 7")
    #expect(ClassLabel.name(of: -1, in: []) == "class -1")
  }

  @Test("the schema refuses other JSON")
  func schemaRefuses() throws {
    let schema = try JSONSchema(Record.jsonSchema)
    for line in [
      "{}", #"{"type":"frame"}"#, #"{"type":"other"}"#, "[]",
      #"{"type":"summary","run_id":"x","sources":{},"exit_code":0}"#,
    ] {
      #expect(!schema.faults(in: try JSONValue(parsing: line)).isEmpty, "\(line)")
    }
  }
}
