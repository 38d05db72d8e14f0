public import Foundation
package import Support

/// A frame that was classified as a whole, and its most probable classes.
///
/// `stream-detect classify` writes everything that it knows; lines of older versions have only the
/// source and the classes.
public struct ClassesRecord: Hashable, Sendable {
  /// A class and its probability.
  public struct Guess: Hashable, Sendable {
    /// The name of the class.
    public var label: String
    /// The model's number for the class, from 0.
    public var classID: Int?
    /// Its probability, 0 to 1.
    public var confidence: Double

    /// Creates a guess.
    public init(label: String, classID: Int?, confidence: Double) {
      self.label = label
      self.classID = classID
      self.confidence = confidence
    }
  }

  /// The name of the source.
  public var source: String
  /// The classes, by falling probability.
  public var classes: [Guess]
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
  /// Whether the decoder concealed damage in the picture.
  public var isCorrupt: Bool

  /// Creates a record from its parts.
  public init(
    source: String, classes: [Guess], index: Int, pts: Int? = nil, t: Double? = nil,
    wall: Date? = nil, lag: Double? = nil, isCorrupt: Bool = false
  ) {
    self.source = source
    self.classes = classes
    self.index = index
    self.pts = pts
    self.t = t
    self.wall = wall
    self.lag = lag
    self.isCorrupt = isCorrupt
  }
}

extension ClassesRecord {
  enum Key: String, RecordKey {
    case type, source, classes, frame, pts, t, wall, lag, flags

    var isOptional: Bool { [.wall, .lag, .flags].contains(self) }

    var schema: String {
      switch self {
      case .type: Schema.kind(.classes)
      case .source: Schema.string
      case .classes: #"{"type": "array", "items": \#(Schema.reference("guess"))}"#
      case .frame: FrameRecord.Key.frame.schema
      case .pts: FrameRecord.Key.pts.schema
      case .t: FrameRecord.Key.t.schema
      case .wall: FrameRecord.Key.wall.schema
      case .lag: FrameRecord.Key.lag.schema
      case .flags: FrameRecord.Key.flags.schema
      }
    }
  }

  enum GuessKey: String, RecordKey {
    case label
    case classID = "class_id"
    case confidence

    var schema: String {
      switch self {
      case .label: Schema.string
      case .classID: Schema.described("the model's, from 0", #""type": "integer""#)
      case .confidence: #"{"type": "number", "minimum": 0, "maximum": 1}"#
      }
    }
  }

  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.classes.rawValue)
    json.field(Key.source, source)
    json.key(Key.classes)
    json.beginArray()
    for guess in classes {
      json.beginObject()
      json.field(GuessKey.label, guess.label)
      json.field(GuessKey.classID, guess.classID)
      json.field(GuessKey.confidence, guess.confidence, decimals: 4)
      json.endObject()
    }
    json.endArray()
    json.field(Key.frame, index)
    json.field(Key.pts, pts)
    if let t { json.field(Key.t, t, decimals: 6) }
    if let wall { json.field(Key.wall, wall) }
    if let lag { json.field(Key.lag, lag, decimals: 3) }
    if isCorrupt {
      json.key(Key.flags)
      json.beginArray()
      json.string(FrameRecord.Flag.corrupt.rawValue)
      json.endArray()
    }
    json.endObject()
  }
}

extension ClassesRecord: Decodable {
  /// Decodes a line; only `source` and `classes` have to be there.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let flags = try values.decodeIfPresent([String].self, forKey: .flags)
    self.init(
      source: try values.decode(String.self, forKey: .source),
      classes: try values.decode([Guess].self, forKey: .classes),
      index: max(try values.decodeIfPresent(Int.self, forKey: .frame) ?? 0, 0),
      pts: try values.decodeIfPresent(Int.self, forKey: .pts),
      t: try values.decodeIfPresent(Double.self, forKey: .t),
      wall: try values.momentIfPresent(.wall),
      lag: try values.decodeIfPresent(Double.self, forKey: .lag),
      isCorrupt: flags?.contains(FrameRecord.Flag.corrupt.rawValue) ?? false)
  }
}

extension ClassesRecord.Guess: Decodable {
  /// Decodes a class; `class_id` may be absent.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: ClassesRecord.GuessKey.self)
    self.init(
      label: try values.decode(String.self, forKey: .label),
      classID: try values.decodeIfPresent(Int.self, forKey: .classID),
      confidence: try values.decode(Double.self, forKey: .confidence))
  }
}
