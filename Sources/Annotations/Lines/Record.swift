/// One line of the JSON lines that `stream-detect` writes (`stream-detect/1`).
public enum Record: Hashable, Sendable {
  /// What ran, with which model and options: the first line.
  case run(RunRecord)
  /// A source was opened.
  case source(SourceRecord)
  /// A frame was processed.
  case frame(FrameRecord)
  /// A frame was classified.
  case classes(ClassesRecord)
  /// A frame's pixels were classified.
  case segments(SegmentsRecord)
  /// Something happened to a tracked object.
  case event(EventRecord)
  /// A live source was lost, tried again or restored.
  case gap(GapRecord)
  /// A source ended.
  case end(EndRecord)
  /// How the run ended: the last line.
  case summary(SummaryRecord)

  /// What a line is about: the value of its `type`.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// The first line.
    case run
    /// A source was opened.
    case source
    /// A frame was processed.
    case frame
    /// A frame was classified.
    case classes
    /// A frame's pixels were classified.
    case segments
    /// Something happened to a tracked object.
    case event
    /// A live source was lost, tried again or restored.
    case gap
    /// A source ended.
    case end
    /// The last line.
    case summary
  }

  init(_ kind: Kind, from decoder: any Decoder) throws {
    switch kind {
    case .run: self = .run(try RunRecord(from: decoder))
    case .source: self = .source(try SourceRecord(from: decoder))
    case .frame: self = .frame(try FrameRecord(from: decoder))
    case .classes: self = .classes(try ClassesRecord(from: decoder))
    case .segments: self = .segments(try SegmentsRecord(from: decoder))
    case .event: self = .event(try EventRecord(from: decoder))
    case .gap: self = .gap(try GapRecord(from: decoder))
    case .end: self = .end(try EndRecord(from: decoder))
    case .summary: self = .summary(try SummaryRecord(from: decoder))
    }
  }
}
