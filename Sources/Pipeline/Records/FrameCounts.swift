/// What happened to the frames of a source.
///
/// Every frame is counted: `isBalanced` is true at the end of each source.
public struct FrameCounts: Hashable, Sendable {
  /// All frames, including those that could not be decoded.
  public var decoded = 0
  /// Frames with a result, even if no object was found.
  public var processed = 0
  /// Frames that the selection left out (`--stride`, `--fps`, `--start` and the like).
  public var skipped = 0
  /// Frames dropped by the policy of a queue, or because the run was cancelled.
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
