internal import Pipeline

/// How a run over sources ended.
public struct RunReport: Hashable, Sendable {
  /// Each source, in the order in which they ended.
  public let sources: [SourceReport]
  /// What happened to the frames of all sources.
  public let frames: FrameTally
  /// Objects in all frames.
  public let objects: Int
  /// Seconds from start to end.
  public let elapsed: Double
  /// Whether the task was cancelled before the end.
  public let wasStopped: Bool

  init(_ summary: RunSummary, sources: [SourceReport]) {
    self.sources = sources
    frames = FrameTally(summary.counts)
    objects = summary.objects
    elapsed = summary.elapsed
    wasStopped = summary.wasStopped
  }

  /// Why sources failed or ended early; empty if all is well.
  public var failures: [MediaFailure] { sources.compactMap(\.failure) }
}

/// How one source ended.
public struct SourceReport: Hashable, Sendable {
  /// How much of a source was analysed.
  public enum Status: String, Hashable, Sendable {
    /// All of it, or all that was asked for.
    case complete
    /// It ended early, after at least one frame.
    case truncated
    /// It was read to its end, but parts before it never came.
    case gaps
    /// It could not be opened or decoded, or a live source was given up.
    case failed
    /// The run was stopped before the source ended.
    case stopped
  }

  /// The name of the source.
  public let source: String
  /// How much of it was analysed.
  public let status: Status
  /// Why it failed or ended early; `nil` otherwise.
  public let failure: MediaFailure?
  /// What happened to its frames.
  public let frames: FrameTally
  /// Objects in its frames.
  public let objects: Int
  /// How many of the analysed frames are marked as damaged.
  public let corrupt: Int
  /// How often a lost connection was restored.
  public let reconnects: Int

  init(_ end: SourceEnd) {
    source = end.source
    status =
      switch end.status {
      case .complete: .complete
      case .truncated: .truncated
      case .gaps: .gaps
      case .failed: .failed
      case .stopped: .stopped
      }
    failure = MediaFailure(end)
    frames = FrameTally(end.counts)
    objects = end.objects
    corrupt = end.corrupt
    reconnects = end.reconnects
  }
}

/// What happened to the frames of a source: decoded = analyzed + skipped + dropped + failed.
public struct FrameTally: Hashable, Sendable {
  /// All frames, including those that could not be decoded.
  public let decoded: Int
  /// Frames with a result.
  public let analyzed: Int
  /// Frames that ``ReadingOptions`` left out.
  public let skipped: Int
  /// Frames of live sources that no worker had time for, or of a run that was stopped.
  public let dropped: Int
  /// Frames that could not be decoded.
  public let failed: Int

  init(_ counts: FrameCounts) {
    decoded = counts.decoded
    analyzed = counts.processed
    skipped = counts.skipped
    dropped = counts.dropped
    failed = counts.failed
  }
}
