public import Geometry
internal import Support

/// An object in a frame.
public struct ObjectRecord: Hashable, Sendable {
  /// The name of its class.
  public var label: String
  /// The model's number for the class, 0 is the background; lines of other programs may leave it
  /// out.
  public var classID: Int?
  /// How sure the detector is, 0 to 1.
  public var confidence: Double
  /// Where it is, in displayed pixels.
  public var box: PixelBox
  /// The number of its track in its source; `nil` for an object that isn't tracked.
  public var trackID: Int?
  /// Whether the detector didn't report it in this frame, and its box follows from its track.
  public var isPredicted = false
  /// The names of the zones that it is in.
  public var zones: [String] = []
  /// The members that the schema doesn't have, of an object that `TrackableLine` has read.
  public internal(set) var otherMembers: [JSONMember] = []

  /// Creates a record from its parts.
  public init(
    label: String, classID: Int? = nil, confidence: Double, box: PixelBox, trackID: Int? = nil,
    isPredicted: Bool = false, zones: [String] = []
  ) {
    self.label = label
    self.classID = classID
    self.confidence = confidence
    self.box = box
    self.trackID = trackID
    self.isPredicted = isPredicted
    self.zones = zones
  }

  /// Creates a record of an object in a frame of `width` by `height` pixels.
  ///
  /// The box is given in fractions of the frame. It is clipped to the frame, and its corners are
  /// rounded to tenths of a pixel.
  public init(
    label: String, classID: Int, confidence: Float, box: BoundingBox, width: Int, height: Int
  ) {
    // Both corners are rounded, not corner and size, so that x + width stays inside the frame.
    let left = Self.tenths(box.xMin, of: width)
    let top = Self.tenths(box.yMin, of: height)
    let right = Self.tenths(box.xMax, of: width)
    let bottom = Self.tenths(box.yMax, of: height)
    self.init(
      label: label, classID: classID, confidence: Double(confidence),
      box: PixelBox(
        x: Double(left) / 10, y: Double(top) / 10, width: Double(right - left) / 10,
        height: Double(bottom - top) / 10))
  }

  /// A fraction of `side` pixels, clipped to 0...1, in tenths of a pixel; 0 for NaN.
  private static func tenths(_ fraction: Float, of side: Int) -> Int {
    guard fraction > 0 else { return 0 }
    return Int((min(Double(fraction), 1) * Double(side) * 10).rounded())
  }
}

extension ObjectRecord {
  enum Key: String, RecordKey {
    case label
    case classID = "class_id"
    case confidence, bbox
    case trackID = "track_id"
    case predicted, zones

    var isOptional: Bool { [.trackID, .predicted, .zones].contains(self) }

    var schema: String {
      switch self {
      case .label: Schema.string
      case .classID: Schema.described("the model's, 0 is background", #""type": "integer""#)
      case .confidence: #"{"type": "number", "minimum": 0, "maximum": 1}"#
      case .bbox: Schema.reference("bbox")
      case .trackID:
        Schema.described(
          "the number of its track in the source; absent if it isn't tracked",
          #""type": "integer", "minimum": 1"#)
      case .predicted:
        Schema.described(
          "the detector didn't report it here; its box follows from its track", #""const": true"#)
      case .zones:
        Schema.described(
          "the zones that it is in; absent if there is none",
          #""type": "array", "items": {"type": "string"}, "minItems": 1"#)
      }
    }
  }

  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.label, label)
    if let classID { json.field(Key.classID, classID) }
    json.field(Key.confidence, confidence, decimals: 4)
    json.key(Key.bbox)
    box.write(to: &json)
    if let trackID { json.field(Key.trackID, trackID) }
    if isPredicted { json.field(Key.predicted, true) }
    if !zones.isEmpty { json.field(Key.zones, zones) }
    for member in otherMembers { json.member(member.name, member.json) }
    json.endObject()
  }
}

extension ObjectRecord: Decodable {
  /// Decodes an object; `class_id` may be absent.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    label = try values.decode(String.self, forKey: .label)
    classID = try values.decodeIfPresent(Int.self, forKey: .classID)
    confidence = try values.decode(Double.self, forKey: .confidence)
    guard let box = PixelBox(try values.decode([Double].self, forKey: .bbox)), confidence.isFinite
    else {
      throw UnusableEntry(
        message: "It has no usable 'bbox' or 'confidence'.",
        remedy: "Write 'bbox' as [x, y, width, height] in pixels."
      ).error(at: decoder.codingPath)
    }
    self.box = box
    trackID = try values.decodeIfPresent(Int.self, forKey: .trackID)
    isPredicted = try values.decodeIfPresent(Bool.self, forKey: .predicted) ?? false
    zones = try values.decodeIfPresent([String].self, forKey: .zones) ?? []
  }
}
