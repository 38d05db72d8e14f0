public import Foundation
package import Support

/// A frame whose pixels were classified, and the share of each class in them.
///
/// `stream-detect segment` writes it.
public struct SegmentsRecord: Hashable, Sendable {
  /// A class and its share of the pixels.
  public struct Segment: Hashable, Sendable {
    /// The name of the class.
    public var label: String
    /// The model's number for the class; 0 is the background.
    public var classID: Int
    /// Its share of the frame's pixels, 0 to 1.
    public var share: Double

    /// Creates a share.
    public init(label: String, classID: Int, share: Double) {
      self.label = label
      self.classID = classID
      self.share = share
    }
  }

  /// The name of the source.
  public var source: String
  /// The classes that have pixels, by falling share.
  public var segments: [Segment]
  /// The frame's place among all frames of the source in presentation order, from 0; skipped frames
  /// count.
  public var index: Int
  /// The raw presentation time stamp in ticks of the source's time base, if it has one.
  public var pts: Int?
  /// Seconds from the first frame.
  public var t: Double
  /// When the frame was captured, or arrived if that isn't known; live sources only.
  public var wall: Date?
  /// Seconds from its capture to its result; live sources only.
  public var lag: Double?
  /// Width as displayed, in pixels.
  public var width: Int
  /// Height as displayed, in pixels.
  public var height: Int
  /// Whether the decoder concealed damage in the picture.
  public var isCorrupt: Bool

  /// Creates a record from its parts.
  public init(
    source: String, segments: [Segment], index: Int, pts: Int?, t: Double, wall: Date? = nil,
    lag: Double? = nil, width: Int, height: Int, isCorrupt: Bool = false
  ) {
    self.source = source
    self.segments = segments
    self.index = index
    self.pts = pts
    self.t = t
    self.wall = wall
    self.lag = lag
    self.width = width
    self.height = height
    self.isCorrupt = isCorrupt
  }
}

extension SegmentsRecord {
  enum Key: String, RecordKey {
    case type, source, segments, frame, pts, t, wall, lag, width, height, flags

    var isOptional: Bool { [.wall, .lag, .flags].contains(self) }

    var schema: String {
      switch self {
      case .type: Schema.kind(.segments)
      case .source: Schema.string
      case .segments: #"{"type": "array", "items": \#(Schema.reference("segment"))}"#
      case .frame: FrameRecord.Key.frame.schema
      case .pts: FrameRecord.Key.pts.schema
      case .t: FrameRecord.Key.t.schema
      case .wall: FrameRecord.Key.wall.schema
      case .lag: FrameRecord.Key.lag.schema
      case .width, .height: Schema.positive
      case .flags: FrameRecord.Key.flags.schema
      }
    }
  }

  enum SegmentKey: String, RecordKey {
    case label
    case classID = "class_id"
    case share

    var schema: String {
      switch self {
      case .label: Schema.string
      case .classID: Schema.described("the model's; 0 is the background", #""type": "integer""#)
      case .share:
        Schema.described("of the frame's pixels", #""type": "number", "minimum": 0, "maximum": 1"#)
      }
    }
  }

  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.segments.rawValue)
    json.field(Key.source, source)
    json.key(Key.segments)
    json.beginArray()
    for segment in segments {
      json.beginObject()
      json.field(SegmentKey.label, segment.label)
      json.field(SegmentKey.classID, segment.classID)
      json.field(SegmentKey.share, segment.share, decimals: 4)
      json.endObject()
    }
    json.endArray()
    json.field(Key.frame, index)
    json.field(Key.pts, pts)
    json.field(Key.t, t, decimals: 6)
    if let wall { json.field(Key.wall, wall) }
    if let lag { json.field(Key.lag, lag, decimals: 3) }
    json.field(Key.width, width)
    json.field(Key.height, height)
    if isCorrupt {
      json.key(Key.flags)
      json.beginArray()
      json.string(FrameRecord.Flag.corrupt.rawValue)
      json.endArray()
    }
    json.endObject()
  }
}

extension SegmentsRecord: Decodable {
  /// Decodes a line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let flags = try values.decodeIfPresent([String].self, forKey: .flags)
    self.init(
      source: try values.decode(String.self, forKey: .source),
      segments: try values.decode([Segment].self, forKey: .segments),
      index: max(try values.decodeIfPresent(Int.self, forKey: .frame) ?? 0, 0),
      pts: try values.decodeIfPresent(Int.self, forKey: .pts),
      t: try values.decodeIfPresent(Double.self, forKey: .t) ?? 0,
      wall: try values.momentIfPresent(.wall),
      lag: try values.decodeIfPresent(Double.self, forKey: .lag),
      width: try values.decodeIfPresent(Int.self, forKey: .width) ?? 0,
      height: try values.decodeIfPresent(Int.self, forKey: .height) ?? 0,
      isCorrupt: flags?.contains(FrameRecord.Flag.corrupt.rawValue) ?? false)
  }
}

extension SegmentsRecord.Segment: Decodable {
  /// Decodes a share.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: SegmentsRecord.SegmentKey.self)
    self.init(
      label: try values.decode(String.self, forKey: .label),
      classID: try values.decode(Int.self, forKey: .classID),
      share: try values.decode(Double.self, forKey: .share))
  }
}
