/// How many of a video's frames are analysed.
public enum FrameSampling: Hashable, Sendable {
  /// Every frame.
  case all
  /// Every n-th frame, at least 1.
  case stride(Int)
  /// So many frames per second of presentation time, more than 0.
  case perSecond(Double)
  /// One frame in each span of so many seconds, more than 0.
  case every(seconds: Double)
  /// Keyframes; the others are not even decoded, so frames are numbered as if there were no others.
  case keyframes
}

/// What happens to the frames of a live source while all workers are busy.
///
/// Frames of files always wait.
public enum LivePolicy: Hashable, Sendable {
  /// Only the newest frame waits.
  case latest
  /// The frame that has waited longest is dropped when the queue is full.
  case dropOldest
  /// The source waits, as a file does.
  case wait
}

/// How often, and how soon, a lost live source is opened again.
public struct Reconnection: Hashable, Sendable {
  /// Seconds before the first attempt; each further one waits twice as long.
  public var minimumDelay: Double
  /// The longest wait in seconds.
  public var maximumDelay: Double
  /// Attempts in a row before the source is given up; `nil` for no limit.
  public var maximumAttempts: Int?

  /// Waits one second, then up to thirty, without limit.
  public init(
    minimumDelay: Double = 1, maximumDelay: Double = 30, maximumAttempts: Int? = nil
  ) {
    self.minimumDelay = minimumDelay
    self.maximumDelay = maximumDelay
    self.maximumAttempts = maximumAttempts
  }
}
