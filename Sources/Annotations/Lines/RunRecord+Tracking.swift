internal import Support

extension RunRecord.Options {
  /// How objects were tracked.
  public struct Tracking: Hashable, Sendable {
    /// Whether the tracks of a frame depend on what comes later.
    public var isOffline: Bool
    /// Seconds that a track is kept without detections.
    public var timeToLive: Double
    /// Seconds that an object has to be followed before it is reported.
    public var minimumDuration: Double
    /// Seconds that the box of an object is predicted.
    public var predictionTime: Double
    /// The median confidence from which a track is reported.
    public var confidence: Double
    /// Whether boxes are smoothed.
    public var smoothsBoxes: Bool

    /// Describes tracking; times are in seconds.
    public init(
      isOffline: Bool, timeToLive: Double, minimumDuration: Double, predictionTime: Double,
      confidence: Double, smoothsBoxes: Bool
    ) {
      self.isOffline = isOffline
      self.timeToLive = timeToLive
      self.minimumDuration = minimumDuration
      self.predictionTime = predictionTime
      self.confidence = confidence
      self.smoothsBoxes = smoothsBoxes
    }
  }
}

extension RunRecord.Options.Tracking {
  enum Key: String, RecordKey {
    case mode, ttl, min, coast, conf, boxes

    var schema: String {
      switch self {
      case .mode: #"{"enum": ["online", "offline"]}"#
      case .ttl, .min, .coast: Schema.described("seconds", #""type": "number", "minimum": 0"#)
      case .conf: #"{"type": "number", "minimum": 0, "maximum": 1}"#
      case .boxes: #"{"enum": ["smoothed", "detected"]}"#
      }
    }
  }

  private static let offline = "offline"
  private static let detected = "detected"

  func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.mode, isOffline ? Self.offline : "online")
    json.field(Key.ttl, timeToLive, decimals: 6)
    json.field(Key.min, minimumDuration, decimals: 6)
    json.field(Key.coast, predictionTime, decimals: 6)
    json.field(Key.conf, confidence, decimals: 6)
    json.field(Key.boxes, smoothsBoxes ? "smoothed" : Self.detected)
    json.endObject()
  }
}

extension RunRecord.Options.Tracking: Decodable {
  /// Decodes the object of a run line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    self.init(
      isOffline: try values.decode(String.self, forKey: .mode) == Self.offline,
      timeToLive: try values.decode(Double.self, forKey: .ttl),
      minimumDuration: try values.decode(Double.self, forKey: .min),
      predictionTime: try values.decode(Double.self, forKey: .coast),
      confidence: try values.decode(Double.self, forKey: .conf),
      smoothsBoxes: try values.decode(String.self, forKey: .boxes) != Self.detected)
  }
}
