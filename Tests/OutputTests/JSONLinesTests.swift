import Annotations
import Foundation
import Pipeline
import SSDLite
import TestSupport
import Testing
import Geometry

@testable import Output
@testable import Media

@Suite("JSON lines")
final class JSONLinesTests {
  private let path = FileManager.default.temporaryDirectory
    .appending(path: "lines-\(UUID().uuidString).jsonl").path
  private static let labels = ["background", "person", "a\"b\n"]

  static var run: RunRecord {
    var options = RunRecord.Options(
      scoreThreshold: 0.5, iouThreshold: Double(Float(0.45)), maximumDetections: 300)
    options.usesKeyframesOnly = true
    options.classes = [1, 2]
    options.tiles = .automatic
    return RunRecord(
      tool: "0.1.0", runID: "r1", started: Date(timeIntervalSince1970: 1_795_255_200),
      model: .init(
        name: "voc", sha256: String(repeating: "a", count: 64), inputWidth: 320, inputHeight: 300,
        labels: labels),
      backend: .init(simd: "avx512", precision: "fp32", threads: 2), options: options)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Feeds a sink and returns its lines, all of which the schema allows.
  private func lines(_ feed: (JSONLinesSink) throws -> Void) throws -> [String] {
    let sink = JSONLinesSink(try OutputFile(path), run: Self.run, labels: Self.labels)
    try sink.start()
    try feed(sink)
    try sink.finish(RunSummary(), exitCode: 0)
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      .map(String.init)
    let schema = try JSONSchema(Record.jsonSchema)
    for line in lines {
      #expect(schema.faults(in: try JSONValue(parsing: line)).isEmpty, "\(line)")
    }
    return lines
  }

  @Test("every kind of line has the documented keys in their order")
  func order() throws {
    let wall = Date(timeIntervalSince1970: 1_795_255_206.04)
    let lines = try lines { sink in
      try sink.sourceStarted(Records.start(.live))
      try sink.frame(Records.frame([Records.detection()], wall: wall))
      try sink.frame(Records.frame(wall: wall, isCorrupt: true))
      try sink.gap(
        Gap(
          source: "cam1", state: .lost,
          reason: EndReason(code: "read_timeout", message: "Silence.", isTransient: true),
          frame: 250, wall: wall, attempt: 1, retryIn: 1))
      try sink.gap(
        Gap(
          source: "cam1", state: .restored, reason: nil, frame: 250, wall: wall, attempt: 1,
          retryIn: nil))
      try sink.sourceEnded(Records.end())
    }
    let object =
      #"{"label":"person","class_id":1,"confidence":0.8713,"bbox":[415.0,489.2,113.1,211.4]}"#
    let head = #""source":"cam1","frame":123,"pts":442800,"t":4.92,"#
    let size = #""width":1920,"height":1080,"#
    let moment = #""wall":"2026-11-21T10:00:06.040Z","#
    let expected = [
      #"{"type":"run","schema":"stream-detect/1","tool":"0.1.0","run_id":"r1","#
        + #""started":"2026-11-21T10:00:00.000Z","model":{"name":"voc","sha256":""#
        + String(repeating: "a", count: 64)
        + #"","input":[320,300],"labels":2,"classes":["person","a\"b\n"]},"#
        + #""backend":{"simd":"avx512","precision":"fp32","threads":2},"#
        + #""options":{"conf":0.5,"iou":0.45,"max_det":300,"keyframes":true,"tiles":"auto","classes":[1,2]}}"#,
      #"{"type":"source","source":"cam1","uri":"rtsp://10.0.0.5:554/h264","kind":"live","#
        + size + #""rotation":0,"codec":"h264","pix_fmt":"yuv420p","time_base":[1,90000],"#
        + #""avg_fps":[25,1],"start":"2026-11-21T10:00:01.120Z"}"#,
      #"{"type":"frame","# + head + moment + size + #""objects":["# + object + "]}",
      #"{"type":"frame","# + head + moment + size + #""flags":["corrupt"],"objects":[]}"#,
      #"{"type":"gap","source":"cam1","state":"lost","reason":"read_timeout","frame":250,"#
        + #""wall":"2026-11-21T10:00:06.040Z","attempt":1,"retry_in":1.0}"#,
      #"{"type":"gap","source":"cam1","state":"restored","reason":null,"frame":250,"#
        + #""wall":"2026-11-21T10:00:06.040Z","attempt":1,"retry_in":null}"#,
      #"{"type":"end","source":"cam1","status":"complete","reason":null,"frames":"#
        + #"{"decoded":9000,"processed":8990,"skipped":0,"dropped":8,"failed":2},"objects":412,"#
        + #""corrupt":0,"reconnects":1,"pts_repaired":0,"first_t":0.0,"last_t":359.96,"elapsed":120.4}"#,
      #"{"type":"summary","run_id":"r1","sources":{"total":0,"complete":0,"truncated":0,"#
        + #""gaps":0,"failed":0,"stopped":0},"passed_over":{"files":{},"folders":0},"exit_code":0}"#,
    ]
    #expect(lines == expected)
  }

  @Test("a source states its tiles if some were asked for, even if none fit")
  func tiles() throws {
    let starts = [nil, [], [2, 3]].map { tiles in
      var start = Records.start()
      start.tiles = tiles
      return start
    }
    let lines = try lines { sink in for start in starts { try sink.sourceStarted(start) } }
    #expect(!lines[1].contains("tiles"))
    #expect(lines[2].hasSuffix(#","avg_fps":[25,1],"tiles":[]}"#))
    #expect(lines[3].hasSuffix(#","avg_fps":[25,1],"tiles":[2,3]}"#))
  }

  @Test("the lines of a file contain no times of the clock")
  func files() throws {
    let lines = try lines { sink in
      try sink.sourceStarted(Records.start(.file))
      try sink.frame(Records.frame())
    }
    #expect(!lines[1].contains(#""start""#))
    #expect(!lines[2].contains(#""wall""#))
  }

  @Test("boxes are clipped to the frame, and corner plus size stays inside")
  func boxes() throws {
    let wild: [(Float, Float, Float, Float)] = [
      (-0.5, -0.5, 1.5, 1.5), (0.99997, 0.5, 1, 1), (0, 0, 0, 0), (.nan, 0, .nan, 1),
      (0.33333, 0.66666, 0.77777, 0.99999),
    ]
    let lines = try lines { sink in
      try sink.frame(Records.frame(wild.map { Records.detection(box: $0) }))
    }
    let line = try JSONValue(parsing: lines[1])
    let objects = try #require(line["objects"]?.array)
    #expect(objects.count == wild.count)
    for object in objects {
      let box = (object["bbox"]?.array ?? []).compactMap(\.number)
      #expect(box.count == 4 && box.allSatisfy { $0 >= 0 })
      #expect(box[0] + box[2] <= 1920.0001 && box[1] + box[3] <= 1080.0001)
    }
    #expect(objects[0]["bbox"] == .array([.number(0), .number(0), .number(1920), .number(1080)]))
  }

  @Test("names of classes and sources are kept as they are")
  func names() throws {
    let lines = try lines { sink in
      var frame = Records.frame([Records.detection(2), Records.detection(77)])
      frame.source = "räd\u{1}\\x\"\n"
      try sink.frame(frame)
    }
    let line = try JSONValue(parsing: lines[1])
    #expect(line["source"]?.string == "räd\u{1}\\x\"\n")
    #expect(line["objects"]?.array?.map { $0["label"]?.string } == ["a\"b\n", "class 77"])
  }

  @Test("a reason is a stable word and a sentence")
  func reasons() throws {
    var end = Records.end()
    end.status = .truncated
    end.reason = EndReason(code: "truncated", message: "It ends early.", isTransient: false)
    (end.firstT, end.lastT) = (nil, nil)
    let lines = try lines { try $0.sourceEnded(end) }
    let line = try JSONValue(parsing: lines[1])
    #expect(line["reason"]?.string == "truncated: It ends early.")
    #expect(line["first_t"] == .null)
  }

  @Test("the error of a full disk names the path, and the file doesn't get its name")
  func fullDisk() throws {
    let sink = JSONLinesSink(
      try OutputFile("/dev/full"), run: Self.run, labels: Self.labels)
    let error = #expect(throws: SinkError.self) { try sink.start() }
    #expect(error?.kind == .outputFailed)
    #expect(error?.message.hasPrefix("/dev/full: no space left on device.") == true)
    // After a failure nothing is finished.
    try sink.finish(RunSummary(), exitCode: 6)
  }
}
