package import Support

/// How a run ended, over all its sources.
public struct SummaryRecord: Hashable, Sendable {
  /// How many sources there were.
  public struct Sources: Hashable, Sendable {
    /// All sources.
    public var total: Int
    /// Those that ended as `EndRecord.Status.complete`.
    public var complete: Int
    /// Those that ended as `EndRecord.Status.truncated`.
    public var truncated: Int
    /// Those that ended as `EndRecord.Status.gaps`.
    public var gaps: Int
    /// Those that ended as `EndRecord.Status.failed`.
    public var failed: Int
    /// Those that ended as `EndRecord.Status.stopped`.
    public var stopped: Int

    /// Creates counts.
    public init(total: Int, complete: Int, truncated: Int, gaps: Int = 0, failed: Int, stopped: Int)
    {
      self.total = total
      self.complete = complete
      self.truncated = truncated
      self.gaps = gaps
      self.failed = failed
      self.stopped = stopped
    }
  }

  /// What the folders among the sources have besides media.
  public struct PassedOver: Hashable, Sendable {
    /// How many files there are of each suffix, in lower case and without the dot.
    public var files: [String: Int]
    /// How many folders were not searched.
    public var folders: Int

    /// Creates counts.
    public init(files: [String: Int] = [:], folders: Int = 0) {
      self.files = files
      self.folders = folders
    }
  }

  /// The id of the run, as in its first line.
  public var runID: String
  /// How many sources there were.
  public var sources: Sources
  /// What the folders among the sources have besides media.
  public var passedOver: PassedOver
  /// The exit code of the program.
  public var exitCode: Int

  /// Creates a record from its parts.
  public init(
    runID: String, sources: Sources, passedOver: PassedOver = PassedOver(), exitCode: Int
  ) {
    self.runID = runID
    self.sources = sources
    self.passedOver = passedOver
    self.exitCode = exitCode
  }
}

extension SummaryRecord {
  enum Key: String, RecordKey {
    case type
    case runID = "run_id"
    case sources
    case passedOver = "passed_over"
    case exitCode = "exit_code"

    var schema: String {
      switch self {
      case .type: Schema.kind(.summary)
      case .runID: Schema.string
      case .sources: SourcesKey.objectSchema()
      case .passedOver:
        PassedOverKey.objectSchema("files and folders in the folders given that were not read")
      case .exitCode: #"{"type": "integer", "minimum": 0, "maximum": 255}"#
      }
    }

    /// Earlier versions don't write what was passed over.
    var isOptional: Bool { self == .passedOver }
  }

  enum SourcesKey: String, RecordKey {
    case total, complete, truncated, gaps, failed, stopped

    var schema: String { Schema.count }
  }

  enum PassedOverKey: String, RecordKey {
    case files, folders

    var schema: String {
      switch self {
      case .files:
        Schema.described(
          "how many of each suffix, without the dot",
          ##""type": "object", "additionalProperties": {"$ref": "#/$defs/count"}"##)
      case .folders: Schema.count
      }
    }
  }

  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.summary.rawValue)
    json.field(Key.runID, runID)
    json.key(Key.sources)
    json.beginObject()
    json.field(SourcesKey.total, sources.total)
    json.field(SourcesKey.complete, sources.complete)
    json.field(SourcesKey.truncated, sources.truncated)
    json.field(SourcesKey.gaps, sources.gaps)
    json.field(SourcesKey.failed, sources.failed)
    json.field(SourcesKey.stopped, sources.stopped)
    json.endObject()
    json.key(Key.passedOver)
    json.beginObject()
    json.key(PassedOverKey.files)
    json.beginObject()
    for (suffix, count) in passedOver.files.sorted(by: { $0.key < $1.key }) {
      json.field(suffix, count)
    }
    json.endObject()
    json.field(PassedOverKey.folders, passedOver.folders)
    json.endObject()
    json.field(Key.exitCode, exitCode)
    json.endObject()
  }
}

extension SummaryRecord: Decodable {
  /// Decodes a line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    let sources = try values.nestedContainer(keyedBy: SourcesKey.self, forKey: .sources)
    self.init(
      runID: try values.decode(String.self, forKey: .runID),
      sources: Sources(
        total: try sources.decode(Int.self, forKey: .total),
        complete: try sources.decode(Int.self, forKey: .complete),
        truncated: try sources.decode(Int.self, forKey: .truncated),
        gaps: try sources.decodeIfPresent(Int.self, forKey: .gaps) ?? 0,
        failed: try sources.decode(Int.self, forKey: .failed),
        stopped: try sources.decode(Int.self, forKey: .stopped)),
      passedOver: try values.decodeIfPresent(PassedOver.self, forKey: .passedOver) ?? PassedOver(),
      exitCode: try values.decode(Int.self, forKey: .exitCode))
  }
}

extension SummaryRecord.PassedOver: Decodable {
  /// Decodes the object in a line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: SummaryRecord.PassedOverKey.self)
    self.init(
      files: try values.decode([String: Int].self, forKey: .files),
      folders: try values.decode(Int.self, forKey: .folders))
  }
}
