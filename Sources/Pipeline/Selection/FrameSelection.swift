/// Which frames of a source are analysed.
///
/// Times are seconds of presentation time from the source's first frame, which also holds for
/// variable frame rates. Frames that are left out count as skipped, and still have an index.
public struct FrameSelection: Hashable, Sendable {
  /// How densely frames are taken.
  public enum Rate: Hashable, Sendable {
    /// Every frame.
    case all
    /// Every n-th frame, beginning with the first in range.
    case stride(Int)
    /// A frame every so many seconds; 1 / F for F frames a second.
    case every(seconds: Double)
    /// Keyframes; the others are not even decoded, and so have no index.
    case keyframes
  }

  /// How densely frames are taken.
  public var rate: Rate
  /// Frames before this time are skipped.
  public var start: Double?
  /// The source ends before this time.
  public var end: Double?
  /// The source ends this long after `start`, or after the first frame.
  public var duration: Double?
  /// The source ends after this many frames have been taken.
  public var limit: Int?

  /// Selects every frame by default.
  public init(
    rate: Rate = .all, start: Double? = nil, end: Double? = nil, duration: Double? = nil,
    limit: Int? = nil
  ) {
    self.rate = rate
    self.start = start
    self.end = end
    self.duration = duration
    self.limit = limit
  }

  /// The time at which the source ends: the earlier of `end` and `start + duration`.
  var stop: Double {
    min(end ?? .infinity, duration.map { (start ?? 0) + $0 } ?? .infinity)
  }
}
