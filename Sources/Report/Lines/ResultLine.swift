internal import Annotations
internal import Foundation

/// What a digest needs of a line of JSON lines.
///
/// Only frames have to be as the schema says: of all other lines, what can't be used is left out.
enum ResultLine: Decodable {
  case run(RunRecord)
  case source(SourceLine)
  case frame(FrameRecord)
  case event(EventLine)
  case gap(GapLine)
  case end(EndLine)
  /// What a classifier or a segmenter found.
  case wholeFrame
  /// The last line of a run, which says nothing that the others don't.
  case summary
  /// A line of another type, or without one.
  case other

  init(from decoder: any Decoder) throws {
    let type = try decoder.container(keyedBy: SourceRecord.Key.self).loose(String.self, .type)
    switch type.flatMap(Record.Kind.init) {
    case .run: self = .run(try RunRecord(from: decoder))
    case .source: self = .source(SourceLine(try decoder.container(keyedBy: SourceRecord.Key.self)))
    case .frame: self = .frame(try FrameRecord(from: decoder))
    case .event: self = .event(EventLine(try decoder.container(keyedBy: EventRecord.Key.self)))
    case .gap: self = .gap(GapLine(try decoder.container(keyedBy: GapRecord.Key.self)))
    case .end: self = .end(EndLine(try decoder.container(keyedBy: EndRecord.Key.self)))
    case .classes, .segments: self = .wholeFrame
    case .summary: self = .summary
    case nil: self = .other
    }
  }
}

/// What a `source` line tells.
struct SourceLine {
  var name: String
  var uri: String?
  var kind: String?
  var width: Int?
  var height: Int?
  /// Seconds that a tick of `FrameRecord.pts` lasts.
  var tick: Double?
  /// Frames per second.
  var rate: Double?

  init(_ values: KeyedDecodingContainer<SourceRecord.Key>) {
    name = values.loose(String.self, .source) ?? ""
    uri = values.loose(String.self, .uri)
    kind = values.loose(String.self, .kind)
    width = Self.side(values.loose(Int.self, .width))
    height = Self.side(values.loose(Int.self, .height))
    tick = Self.ratio(values.loose([Int].self, .timeBase))
    rate = Self.ratio(values.loose([Int].self, .averageFrameRate))
  }

  private static func side(_ pixels: Int?) -> Int? {
    pixels.flatMap { (1...10_000_000).contains($0) ? $0 : nil }
  }

  private static func ratio(_ pair: [Int]?) -> Double? {
    guard let pair, pair.count == 2, pair[0] > 0, pair[1] > 0 else { return nil }
    return Double(pair[0]) / Double(pair[1])
  }
}

/// What a `gap` line tells.
struct GapLine {
  var source: String
  var isLost: Bool
  var reason: String?

  init(_ values: KeyedDecodingContainer<GapRecord.Key>) {
    source = values.loose(String.self, .source) ?? ""
    isLost = values.loose(String.self, .state) != GapRecord.State.restored.rawValue
    reason = values.loose(String.self, .reason)
  }
}

/// What an `end` line tells.
struct EndLine {
  var source: String
  var status: String?
  var reason: String?
  /// How many frames have a result, and when the first and the last are shown.
  var processed: Int?
  var first: Double?
  var last: Double?

  init(_ values: KeyedDecodingContainer<EndRecord.Key>) {
    source = values.loose(String.self, .source) ?? ""
    status = values.loose(String.self, .status)
    reason = values.loose(String.self, .reason)
    processed = values.loose(Frames.self, .frames)?.processed
    first = values.loose(Double.self, .firstT)
    last = values.loose(Double.self, .lastT)
  }

  private struct Frames: Decodable { var processed: Int? }
}

extension KeyedDecodingContainer {
  /// The value of a key; `nil` if it is missing or of another kind.
  func loose<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
    (try? decodeIfPresent(type, forKey: key)) ?? nil
  }
}
