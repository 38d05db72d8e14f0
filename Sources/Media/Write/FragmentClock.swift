/// Says when a fragment of a file (a cluster of Matroska) is long enough to be ended.
///
/// What a crash loses is what the present fragment holds.
struct FragmentClock {
  /// Whether no fragment has been ended yet.
  private(set) var isFirst = true
  private let waitsForAudio: Bool
  private var start: Double?
  private var byteCount = 0
  private var hasVideo = false
  private var hasAudio = false

  private static let seconds = 2.0
  private static let mostBytes = 32 << 20
  /// How long the first fragment waits for a track without a packet, whose description may be
  /// incomplete without.
  private static let longestWait = 30.0

  init(waitsForAudio: Bool) { self.waitsForAudio = waitsForAudio }

  /// Notes a packet, and returns whether the fragment ends with it.
  mutating func isDue(_ time: Double, byteCount bytes: Int, isAudio: Bool) -> Bool {
    byteCount += bytes
    if isAudio { hasAudio = true } else { hasVideo = true }
    let begun = start ?? time
    start = min(begun, time)
    if byteCount > Self.mostBytes { return true }
    let isWaiting = isFirst && (!hasVideo || waitsForAudio && !hasAudio)
    return time - begun >= (isWaiting ? Self.longestWait : Self.seconds)
  }

  /// Begins the next fragment.
  mutating func end() {
    isFirst = false
    byteCount = 0
    start = nil
  }
}
