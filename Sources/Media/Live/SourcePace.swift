/// Whether a source that might be a file is sent faster than its own clock runs.
///
/// A server that tells no length may send a camera's stream or a film. What comes far ahead of its
/// time stamps is no camera: none of it is left out, and its end is an end. A server may begin with
/// what it holds since the last keyframe, so some seconds ahead don't count.
struct SourcePace {
  /// Seconds after which it is decided.
  static let patience = 2.0
  /// By how many seconds a camera's stream may be ahead.
  static let burst = 4.0

  private var first: (stamp: Double, time: Double)?
  private var ahead = 0.0
  private var isDecided = false

  /// Whether the source may be a file, as far as is known.
  private(set) var mayBeFile: Bool

  /// `mayBeFile` is false for a source that is known to be live.
  init(mayBeFile: Bool) { self.mayBeFile = mayBeFile }

  /// Notes a packet with this time stamp, in seconds, that was read `now`.
  mutating func note(stamp: Double?, now: Double) {
    guard mayBeFile, !isDecided, let stamp else { return }
    guard let first else {
      self.first = (stamp, now)
      return
    }
    let passed = now - first.time
    ahead = max(ahead, stamp - first.stamp - passed)
    if ahead > Self.burst {
      isDecided = true
    } else if passed > Self.patience {
      isDecided = true
      mayBeFile = false
    }
  }
}
