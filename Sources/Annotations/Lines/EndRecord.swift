package import Support

/// How a source ended.
public struct EndRecord: Hashable, Sendable {
  /// How much of a source was processed.
  public enum Status: String, CaseIterable, Hashable, Sendable {
    /// All of it, or all that was asked for.
    case complete
    /// It broke off after at least one frame.
    case truncated
    /// It was read to its end, but parts before it that it declared never came.
    case gaps
    /// It could not be opened, none of its frames could be used, or a live source was given up.
    case failed
    /// The run was stopped first.
    case stopped
  }

  /// What became of the frames of a source: `decoded` is the sum of the others.
  public struct Frames: Hashable, Sendable {
    /// All frames that the decoder was asked for.
    public var decoded: Int
    /// Frames with a result, including results without objects.
    public var processed: Int
    /// Frames that the options left out.
    public var skipped: Int
    /// Frames that were dropped to keep up with a live source, or when the run was cancelled.
    public var dropped: Int
    /// Frames that could not be decoded or processed.
    public var failed: Int

    /// Creates counts.
    public init(decoded: Int, processed: Int, skipped: Int, dropped: Int, failed: Int) {
      self.decoded = decoded
      self.processed = processed
      self.skipped = skipped
      self.dropped = dropped
      self.failed = failed
    }
  }

  /// The name of the source.
  public var source: String
  /// How much of it was processed.
  public var status: Status
  /// Why it was not complete, or why a complete one has no result: a stable word, a colon and
  /// a sentence.
  public var reason: String?
  /// What became of its frames.
  public var frames: Frames
  /// Objects in all frames.
  public var objects: Int
  /// How many processed frames are marked as damaged.
  public var corrupt: Int
  /// How often the connection was restored.
  public var reconnects: Int
  /// How many time stamps were repaired to keep `FrameRecord.t` from falling.
  public var repairedTimestamps: Int
  /// `t` of the first processed frame.
  public var firstT: Double?
  /// `t` of the last processed frame.
  public var lastT: Double?
  /// Seconds from opening the source to its end.
  public var elapsed: Double

  /// Creates a record from its parts.
  public init(
    source: String, status: Status, reason: String?, frames: Frames, objects: Int, corrupt: Int = 0,
    reconnects: Int, repairedTimestamps: Int, firstT: Double?, lastT: Double?, elapsed: Double
  ) {
    self.source = source
    self.status = status
    self.reason = reason
    self.frames = frames
    self.objects = objects
    self.corrupt = corrupt
    self.reconnects = reconnects
    self.repairedTimestamps = repairedTimestamps
    self.firstT = firstT
    self.lastT = lastT
    self.elapsed = elapsed
  }
}

extension EndRecord {
  package enum Key: String, RecordKey {
    case type, source, status, reason, frames, objects, corrupt, reconnects
    case repairedTimestamps = "pts_repaired"
    case firstT = "first_t"
    case lastT = "last_t"
    case elapsed

    package var schema: String {
      switch self {
      case .type: Schema.kind(.end)
      case .source: Schema.string
      case .status: Schema.values(of: Status.self)
      case .reason:
        """
        {
          "description": "a stable word, a colon and a sentence; null when all is well",
          "type": ["string", "null"], "pattern": "^[a-z0-9_]+: ."
        }
        """
      case .frames:
        FramesKey.objectSchema("decoded = processed + skipped + dropped + failed")
      case .objects, .reconnects, .repairedTimestamps: Schema.count
      case .corrupt:
        Schema.described("processed frames with damage", #""type": "integer", "minimum": 0"#)
      case .firstT, .lastT: #"{"type": ["number", "null"]}"#
      case .elapsed: Schema.described("seconds", #""type": "number", "minimum": 0"#)
      }
    }
  }

  enum FramesKey: String, RecordKey {
    case decoded, processed, skipped, dropped, failed

    var schema: String { Schema.count }
  }

  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.end.rawValue)
    json.field(Key.source, source)
    json.field(Key.status, status.rawValue)
    json.field(Key.reason, reason)
    json.key(Key.frames)
    json.beginObject()
    json.field(FramesKey.decoded, frames.decoded)
    json.field(FramesKey.processed, frames.processed)
    json.field(FramesKey.skipped, frames.skipped)
    json.field(FramesKey.dropped, frames.dropped)
    json.field(FramesKey.failed, frames.failed)
    json.endObject()
    json.field(Key.objects, objects)
    json.field(Key.corrupt, corrupt)
    json.field(Key.reconnects, reconnects)
    json.field(Key.repairedTimestamps, repairedTimestamps)
    json.field(Key.firstT, firstT, decimals: 6)
    json.field(Key.lastT, lastT, decimals: 6)
    json.field(Key.elapsed, elapsed, decimals: 3)
    json.endObject()
  }
}

extension EndRecord: Decodable {
  /// Decodes a line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let frames = try values.nestedContainer(keyedBy: FramesKey.self, forKey: .frames)
    guard let status = Status(rawValue: try values.decode(String.self, forKey: .status)) else {
      throw DecodingError.dataCorruptedError(
        forKey: .status, in: values, debugDescription: "No source ends like this.")
    }
    self.init(
      source: try values.decode(String.self, forKey: .source), status: status,
      reason: try values.decodeIfPresent(String.self, forKey: .reason),
      frames: Frames(
        decoded: try frames.decode(Int.self, forKey: .decoded),
        processed: try frames.decode(Int.self, forKey: .processed),
        skipped: try frames.decode(Int.self, forKey: .skipped),
        dropped: try frames.decode(Int.self, forKey: .dropped),
        failed: try frames.decode(Int.self, forKey: .failed)),
      objects: try values.decode(Int.self, forKey: .objects),
      corrupt: try values.decodeIfPresent(Int.self, forKey: .corrupt) ?? 0,
      reconnects: try values.decode(Int.self, forKey: .reconnects),
      repairedTimestamps: try values.decode(Int.self, forKey: .repairedTimestamps),
      firstT: try values.decodeIfPresent(Double.self, forKey: .firstT),
      lastT: try values.decodeIfPresent(Double.self, forKey: .lastT),
      elapsed: try values.decode(Double.self, forKey: .elapsed))
  }
}
