/// Says when a fragment of a file (a cluster of Matroska) is long enough to be ended.
///
/// What a crash loses is what the present fragment holds.
struct FragmentClock {
  /// How long fragments are.
  enum Rule {
    /// About two seconds, wherever that is in the video.
    case seconds
    /// A group of pictures, or a second where groups are longer: each file can be read from any
    /// fragment that begins with a keyframe.
    case groups
  }

  /// Whether no fragment has been ended yet.
  private(set) var isFirst = true
  private let rule: Rule
  private let waitsForAudio: Bool
  private var start: Double?
  private var byteCount = 0
  private var hasVideo = false
  private var hasAudio = false

  private static let mostBytes = 32 << 20
  /// Seconds of groups that share a fragment: where each picture is one, their indexes would be as
  /// much again.
  private static let shortest = 0.5

  init(waitsForAudio: Bool, rule: Rule = .seconds) {
    self.waitsForAudio = waitsForAudio
    self.rule = rule
  }

  private var seconds: Double { rule == .seconds ? 2 : 1 }

  /// How long the first fragment waits for a track without a packet, whose description may be
  /// incomplete without.
  private var longestWait: Double { rule == .seconds ? 30 : 2 }

  private var isWaiting: Bool { isFirst && (!hasVideo || waitsForAudio && !hasAudio) }

  /// Whether the fragment ends before a keyframe of this time, in seconds.
  func isDue(beforeKeyframeAt time: Double) -> Bool {
    guard rule == .groups, let start, !isWaiting else { return false }
    return time - start >= Self.shortest
  }

  /// Notes a packet, and returns whether the fragment ends with it.
  mutating func isDue(_ time: Double, byteCount bytes: Int, isAudio: Bool) -> Bool {
    byteCount += bytes
    if isAudio { hasAudio = true } else { hasVideo = true }
    let begun = start ?? time
    start = min(begun, time)
    if byteCount > Self.mostBytes { return true }
    return time - begun >= (isWaiting ? longestWait : seconds)
  }

  /// Begins the next fragment.
  mutating func end() {
    isFirst = false
    byteCount = 0
    start = nil
  }
}
