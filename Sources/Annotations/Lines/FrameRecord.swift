public import Foundation
internal import Geometry
package import Support

/// A frame that was processed, and the objects in it.
///
/// `stream-detect` writes everything that it knows; lines of other programs may lack what is
/// optional.
public struct FrameRecord: Hashable, Sendable {
  /// The name of the source.
  public var source: String
  /// The frame's place among all frames of the source in presentation order, from 0; skipped frames
  /// count.
  public var index: Int
  /// The raw presentation time stamp in ticks of the source's time base, if it has one.
  public var pts: Int?
  /// Seconds from the first frame.
  public var t: Double?
  /// When the frame was captured, or arrived if that isn't known; live sources only.
  public var wall: Date?
  /// Seconds from its capture to its result; live sources only.
  public var lag: Double?
  /// Width as displayed, in pixels.
  public var width: Int?
  /// Height as displayed, in pixels.
  public var height: Int?
  /// Whether the decoder concealed damage in the picture.
  public var isCorrupt: Bool
  /// The objects, by falling confidence.
  public var objects: [ObjectRecord]
  /// Flags that the schema doesn't have.
  public internal(set) var otherFlags: [String] = []
  /// The members that the schema doesn't have, of a line that `TrackableLine` has read.
  public internal(set) var otherMembers: [JSONMember] = []

  /// Creates a record from its parts.
  public init(
    source: String, index: Int, pts: Int? = nil, t: Double? = nil, wall: Date? = nil,
    lag: Double? = nil, width: Int?, height: Int?, isCorrupt: Bool = false, objects: [ObjectRecord]
  ) {
    self.source = source
    self.index = index
    self.pts = pts
    self.t = t
    self.wall = wall
    self.lag = lag
    self.width = width
    self.height = height
    self.isCorrupt = isCorrupt
    self.objects = objects
  }
}

extension FrameRecord {
  enum Key: String, RecordKey {
    case type, source, frame, pts, t, wall, lag, width, height, flags, objects

    var isOptional: Bool { [.wall, .lag, .flags].contains(self) }

    var schema: String {
      switch self {
      case .type: Schema.kind(.frame)
      case .source: Schema.string
      case .frame:
        ##"""
        {
          "description": "0-based index in presentation order, skipped frames counted",
          "$ref": "#/$defs/count"
        }
        """##
      case .pts:
        """
        {
          "description": "raw, in the source's time_base", "type": ["integer", "null"]
        }
        """
      case .t: Schema.described("seconds from the first frame", #""type": "number""#)
      case .wall:
        ##"""
        {
          "description": "capture, or arrival if that isn't known; live sources only",
          "$ref": "#/$defs/time"
        }
        """##
      case .lag:
        """
        {
          "description": "seconds from capture to result; live sources only",
          "type": "number", "minimum": 0
        }
        """
      case .width, .height:
        Schema.described("displayed pixels", #""type": "integer", "minimum": 1"#)
      case .flags:
        #"{"type": "array", "items": \#(Schema.values(of: Flag.self)), "minItems": 1}"#
      case .objects: #"{"type": "array", "items": \#(Schema.reference("object"))}"#
      }
    }
  }

  enum Flag: String, CaseIterable { case corrupt }

  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.frame.rawValue)
    json.field(Key.source, source)
    json.field(Key.frame, index)
    json.field(Key.pts, pts)
    if let t { json.field(Key.t, t, decimals: 6) }
    if let wall { json.field(Key.wall, wall) }
    if let lag { json.field(Key.lag, lag, decimals: 3) }
    if let width { json.field(Key.width, width) }
    if let height { json.field(Key.height, height) }
    let flags = (isCorrupt ? [Flag.corrupt.rawValue] : []) + otherFlags
    if !flags.isEmpty { json.field(Key.flags, flags) }
    json.key(Key.objects)
    json.beginArray()
    for object in objects { object.write(to: &json) }
    json.endArray()
    for member in otherMembers { json.member(member.name, member.json) }
    json.endObject()
  }

  /// Keeps the members of `line`, which the record was read from, that the schema doesn't have.
  mutating func keepOtherMembers(of line: [UInt8]) {
    otherMembers = JSONMember.others(in: line[...]) { Key(rawValue: $0) != nil }
    let list = JSONMember.members(of: line[...]).last { $0.name == Key.objects.rawValue }
    let texts = list.map { JSONMember.elements(of: $0.json) } ?? []
    for (index, text) in zip(objects.indices, texts) {
      objects[index].otherMembers = JSONMember.others(in: text) {
        ObjectRecord.Key(rawValue: $0) != nil
      }
    }
  }
}

extension FrameRecord: Decodable {
  /// Decodes a line; only `source` and `objects` have to be there.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let flags = try values.decodeIfPresent([String].self, forKey: .flags)
    self.init(
      source: try values.decode(String.self, forKey: .source),
      index: max(try values.decodeIfPresent(Int.self, forKey: .frame) ?? 0, 0),
      pts: try values.decodeIfPresent(Int.self, forKey: .pts),
      t: try values.decodeIfPresent(Double.self, forKey: .t),
      wall: try values.momentIfPresent(.wall),
      lag: try values.decodeIfPresent(Double.self, forKey: .lag),
      width: PixelBox.side(try values.decodeIfPresent(Int.self, forKey: .width).map(Double.init)),
      height: PixelBox.side(try values.decodeIfPresent(Int.self, forKey: .height).map(Double.init)),
      isCorrupt: flags?.contains(Flag.corrupt.rawValue) ?? false,
      objects: try values.decode([ObjectRecord].self, forKey: .objects))
    otherFlags = flags?.filter { $0 != Flag.corrupt.rawValue } ?? []
  }
}
