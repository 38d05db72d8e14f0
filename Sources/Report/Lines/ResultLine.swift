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
  /// The last line of a run, which says nothing that the others don't.
  case summary
  /// A line of another type, or without one.
  case other(type: String?)

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let type = values.loose(String.self, .type)
    switch type.flatMap(Kind.init) {
    case .run: self = .run(try RunRecord(from: decoder))
    case .source: self = .source(SourceLine(values))
    case .frame: self = .frame(try FrameRecord(from: decoder))
    case .event: self = .event(EventLine(try decoder.container(keyedBy: EventLine.Key.self)))
    case .gap: self = .gap(GapLine(values))
    case .end: self = .end(EndLine(values))
    case .summary: self = .summary
    case nil: self = .other(type: type)
    }
  }

  private enum Kind: String { case run, source, frame, event, gap, end, summary }

  enum Key: String, CodingKey {
    case type, source, uri, kind, width, height
    case timeBase = "time_base"
    case averageFrameRate = "avg_fps"
    case state, reason, status
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

  init(_ values: KeyedDecodingContainer<ResultLine.Key>) {
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

  init(_ values: KeyedDecodingContainer<ResultLine.Key>) {
    source = values.loose(String.self, .source) ?? ""
    isLost = values.loose(String.self, .state) != "restored"
    reason = values.loose(String.self, .reason)
  }
}

/// What an `end` line tells.
struct EndLine {
  var source: String
  var status: String?
  var reason: String?

  init(_ values: KeyedDecodingContainer<ResultLine.Key>) {
    source = values.loose(String.self, .source) ?? ""
    status = values.loose(String.self, .status)
    reason = values.loose(String.self, .reason)
  }
}

extension KeyedDecodingContainer {
  /// The value of a key; `nil` if it is missing or of another kind.
  func loose<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
    (try? decodeIfPresent(type, forKey: key)) ?? nil
  }
}
