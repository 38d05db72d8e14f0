public import Foundation
package import Support

/// A source that was opened.
public struct SourceRecord: Hashable, Sendable {
  /// What a source is.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// A video file, or a stream that is read like one.
    case file
    /// A camera or a live stream.
    case live
    /// A single picture.
    case image
  }

  /// A ratio of two whole numbers.
  public struct Fraction: Hashable, Sendable {
    /// The number above the line.
    public var numerator: Int
    /// The number below the line.
    public var denominator: Int

    /// Creates a fraction, without reducing it.
    public init(_ numerator: Int, _ denominator: Int) {
      self.numerator = numerator
      self.denominator = denominator
    }
  }

  /// The name of the source.
  public var source: String
  /// Where it was read from, without user names, passwords and other secrets.
  public var uri: String
  /// What it is.
  public var kind: Kind
  /// Width as displayed, in pixels.
  public var width: Int
  /// Height as displayed, in pixels.
  public var height: Int
  /// By how many degrees frames were rotated clockwise for display.
  public var rotation: Int
  /// FFmpeg's name of the codec.
  public var codec: String
  /// FFmpeg's name of the pixel format, if known.
  public var pixelFormat: String?
  /// The unit of `FrameRecord.pts`, in seconds.
  public var timeBase: Fraction
  /// Average frames per second, if known.
  public var averageFrameRate: Fraction?
  /// When it was opened; live sources only.
  public var start: Date?
  /// The grids of tiles in which its frames are analysed, by tiles per row and column; `nil` if
  /// none were asked for.
  public var tiles: [Int]?
  /// The input sizes at which its frames are analysed, as in `512x288`; `nil` if none were asked
  /// for.
  public var sizes: [String]?

  /// Creates a record from its parts.
  public init(
    source: String, uri: String, kind: Kind, width: Int, height: Int, rotation: Int, codec: String,
    pixelFormat: String?, timeBase: Fraction, averageFrameRate: Fraction?, start: Date? = nil,
    tiles: [Int]? = nil, sizes: [String]? = nil
  ) {
    self.source = source
    self.uri = uri
    self.kind = kind
    self.width = width
    self.height = height
    self.rotation = rotation
    self.codec = codec
    self.pixelFormat = pixelFormat
    self.timeBase = timeBase
    self.averageFrameRate = averageFrameRate
    self.start = start
    self.tiles = tiles
    self.sizes = sizes
  }
}

extension SourceRecord {
  package enum Key: String, RecordKey {
    case type, source, uri, kind, width, height, rotation, codec
    case pixelFormat = "pix_fmt"
    case timeBase = "time_base"
    case averageFrameRate = "avg_fps"
    case start, tiles, size

    package var isOptional: Bool { [.start, .tiles, .size].contains(self) }

    package var schema: String {
      switch self {
      case .type: Schema.kind(.source)
      case .source: Schema.described("stable name of the source", #""type": "string""#)
      case .uri: Schema.described("without user info and secrets", #""type": "string""#)
      case .kind: Schema.values(of: Kind.self)
      case .width, .height:
        Schema.described("displayed pixels", #""type": "integer", "minimum": 1"#)
      case .rotation:
        """
        {
          "description": "degrees clockwise that were applied", "enum": [0, 90, 180, 270]
        }
        """
      case .codec: Schema.string
      case .pixelFormat: #"{"type": ["string", "null"]}"#
      case .timeBase: Schema.reference("rational")
      case .averageFrameRate: #"{"oneOf": [\#(Schema.reference("rational")), {"type": "null"}]}"#
      case .start:
        ##"""
        {
          "description": "when a live source was opened", "$ref": "#/$defs/time"
        }
        """##
      case .tiles:
        ##"""
        {
          "description": "grids of tiles that its frames are analysed in; absent if not asked for",
          "$ref": "#/$defs/grids"
        }
        """##
      case .size:
        ##"""
        {
          "description": "input sizes that its frames are analysed at; absent if not asked for",
          "$ref": "#/$defs/sizes"
        }
        """##
      }
    }
  }

  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.source.rawValue)
    json.field(Key.source, source)
    json.field(Key.uri, uri)
    json.field(Key.kind, kind.rawValue)
    json.field(Key.width, width)
    json.field(Key.height, height)
    json.field(Key.rotation, rotation)
    json.field(Key.codec, codec)
    json.field(Key.pixelFormat, pixelFormat)
    json.field(Key.timeBase, [timeBase.numerator, timeBase.denominator])
    if let rate = averageFrameRate {
      json.field(Key.averageFrameRate, [rate.numerator, rate.denominator])
    } else {
      json.field(Key.averageFrameRate, nil as Int?)
    }
    if let start { json.field(Key.start, start) }
    if let tiles { json.field(Key.tiles, tiles) }
    if let sizes { json.field(Key.size, sizes) }
    json.endObject()
  }
}

extension SourceRecord: Decodable {
  /// Decodes a line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    guard let kind = Kind(rawValue: try values.decode(String.self, forKey: .kind)) else {
      throw DecodingError.dataCorruptedError(
        forKey: .kind, in: values, debugDescription: "No source is of this kind.")
    }
    let rate =
      try values.decodeNil(forKey: .averageFrameRate) ? nil : values.pair(.averageFrameRate)
    let timeBase = try values.pair(.timeBase)
    self.init(
      source: try values.decode(String.self, forKey: .source),
      uri: try values.decode(String.self, forKey: .uri), kind: kind,
      width: try values.decode(Int.self, forKey: .width),
      height: try values.decode(Int.self, forKey: .height),
      rotation: try values.decode(Int.self, forKey: .rotation),
      codec: try values.decode(String.self, forKey: .codec),
      pixelFormat: try values.decodeIfPresent(String.self, forKey: .pixelFormat),
      timeBase: Fraction(timeBase.0, timeBase.1),
      averageFrameRate: rate.map { Fraction($0.0, $0.1) },
      start: try values.momentIfPresent(.start),
      tiles: try values.decodeIfPresent([Int].self, forKey: .tiles),
      sizes: try values.decodeIfPresent([String].self, forKey: .size))
  }
}
