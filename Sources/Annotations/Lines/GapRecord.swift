public import Foundation
package import Support

/// A live source was lost, could not be reached again, or was restored.
public struct GapRecord: Hashable, Sendable {
  /// What happened.
  public enum State: String, CaseIterable, Hashable, Sendable {
    /// The connection was lost, or an attempt to restore it failed.
    case lost
    /// The connection was restored.
    case restored
  }

  /// The name of the source.
  public var source: String
  /// What happened.
  public var state: State
  /// A stable word for why it was lost; `nil` when restored.
  public var reason: String?
  /// The index of the next frame.
  public var nextFrame: Int
  /// When it happened.
  public var wall: Date
  /// The number of the attempt that comes next, or that succeeded, from 1.
  public var attempt: Int
  /// Seconds until the next attempt; `nil` when restored or given up.
  public var retryIn: Double?

  /// Creates a record from its parts.
  public init(
    source: String, state: State, reason: String?, nextFrame: Int, wall: Date, attempt: Int,
    retryIn: Double?
  ) {
    self.source = source
    self.state = state
    self.reason = reason
    self.nextFrame = nextFrame
    self.wall = wall
    self.attempt = attempt
    self.retryIn = retryIn
  }
}

extension GapRecord {
  package enum Key: String, RecordKey {
    case type, source, state, reason, frame, wall, attempt
    case retryIn = "retry_in"

    package var schema: String {
      switch self {
      case .type: Schema.kind(.gap)
      case .source: Schema.string
      case .state: Schema.values(of: State.self)
      case .reason: Schema.described("a stable word", #""type": ["string", "null"]"#)
      case .frame: Schema.described("index of the next frame", ##""$ref": "#/$defs/count""##)
      case .wall: Schema.time
      case .attempt: Schema.count
      case .retryIn: Schema.described("seconds", #""type": ["number", "null"], "minimum": 0"#)
      }
    }
  }

  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.gap.rawValue)
    json.field(Key.source, source)
    json.field(Key.state, state.rawValue)
    json.field(Key.reason, reason)
    json.field(Key.frame, nextFrame)
    json.field(Key.wall, wall)
    json.field(Key.attempt, attempt)
    json.field(Key.retryIn, retryIn, decimals: 3)
    json.endObject()
  }
}

extension GapRecord: Decodable {
  /// Decodes a line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    guard let state = State(rawValue: try values.decode(String.self, forKey: .state)) else {
      throw DecodingError.dataCorruptedError(
        forKey: .state, in: values, debugDescription: "A gap has no such state.")
    }
    self.init(
      source: try values.decode(String.self, forKey: .source), state: state,
      reason: try values.decodeIfPresent(String.self, forKey: .reason),
      nextFrame: try values.decode(Int.self, forKey: .frame), wall: try values.moment(.wall),
      attempt: try values.decode(Int.self, forKey: .attempt),
      retryIn: try values.decodeIfPresent(Double.self, forKey: .retryIn))
  }
}
