/// Where the frames of a source went.
///
/// No frame is left out: `isBalanced` holds at every end.
public struct FrameCounts: Hashable, Sendable {
  /// Every frame the decoder was asked for, including those it could not make.
  public var decoded = 0
  /// Frames with a result, empty ones included.
  public var processed = 0
  /// Frames that the selection left out (`--stride`, `--fps`, `--start` and the like).
  public var skipped = 0
  /// Frames given up by the queue's policy, or by a run that was cancelled.
  public var dropped = 0
  /// Frames that could not be decoded or scaled.
  public var failed = 0

  /// Counts from zero.
  public init() {}

  /// Whether decoded = processed + skipped + dropped + failed.
  public var isBalanced: Bool { decoded == processed + skipped + dropped + failed }

  /// Adds the counts of another source.
  public static func += (total: inout FrameCounts, part: FrameCounts) {
    total.decoded += part.decoded
    total.processed += part.processed
    total.skipped += part.skipped
    total.dropped += part.dropped
    total.failed += part.failed
  }
}
