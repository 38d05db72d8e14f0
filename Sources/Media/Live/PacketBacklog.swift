/// The packets of a live source that wait for the decoder, and which of them are left out.
///
/// What waits is bounded in seconds and in bytes. A decoder that doesn't keep up can't catch up by
/// leaving out single packets, since each picture builds on those before it. So everything up to
/// the newest keyframe is left out, or, if none waits, everything until the next one comes. Audio
/// is kept up to the same number of bytes: it is small, and a copy of it has no such holes.
struct PacketBacklog<Element> {
  struct Entry {
    var element: Element
    var isVideo = true
    var isKeyframe = false
    var bytes = 0
    /// When it was read, in seconds.
    var read: Double
    /// Whether packets before it were left out, so that the decoder has to start anew.
    var isAfterGap = false
  }

  /// What may wait.
  struct Limits {
    /// How long a packet waits, in seconds.
    var seconds = 1.0
    /// So many packets may wait in any case: at one frame a second, a second is soon over.
    var packets = 3
    var bytes = 32 << 20
    /// How long the next keyframe is waited for; some streams have none, or mark none.
    var keyframe = 10.0
  }

  let limits: Limits
  private var entries: [Entry] = []
  private var head = 0
  private var bytes = 0
  private var videoCount = 0
  private var audioBytes = 0
  /// Since when packets are left out because no keyframe has come.
  private var waitsSince: Double?
  /// Video packets that were left out so far.
  private(set) var leftOut = 0

  init(limits: Limits = Limits()) { self.limits = limits }

  var isEmpty: Bool { head == entries.count }

  /// Whether the packets that wait are more than may wait.
  func isFull(now: Double) -> Bool { audioBytes > limits.bytes || hasMuchVideo(now: now) }

  private func hasMuchVideo(now: Double) -> Bool {
    guard videoCount > limits.packets else { return bytes > limits.bytes && videoCount > 1 }
    return bytes > limits.bytes || now - (oldestRead ?? now) > limits.seconds
  }

  /// Adds a packet, and leaves out packets if too many wait.
  mutating func add(_ entry: Entry) {
    var entry = entry
    if entry.isVideo, let since = waitsSince {
      guard entry.isKeyframe || entry.read - since > limits.keyframe else {
        leftOut += 1
        return
      }
      waitsSince = nil
      // A decoder that starts anew shows nothing before a keyframe.
      entry.isAfterGap = entry.isKeyframe
    }
    append(entry)
    if hasMuchVideo(now: entry.read) { skip(now: entry.read) }
    if audioBytes > limits.bytes { skipAudio() }
  }

  /// Adds a packet however many wait.
  mutating func append(_ entry: Entry) {
    entries.append(entry)
    bytes += entry.bytes
    if entry.isVideo { videoCount += 1 } else { audioBytes += entry.bytes }
  }

  /// Takes the oldest packet that isn't left out; `nil` if none waits.
  mutating func take(now: Double, mayLeaveOut: Bool = true) -> Entry? {
    if mayLeaveOut, hasMuchVideo(now: now), newestKeyframe != nil { skip(now: now) }
    guard head < entries.count else { return nil }
    let entry = entries[head]
    head += 1
    bytes -= entry.bytes
    if entry.isVideo { videoCount -= 1 } else { audioBytes -= entry.bytes }
    // The places before the head are given back now and then.
    if head == entries.count || head > 256 {
      entries.removeFirst(head)
      head = 0
    }
    return entry
  }

  private var oldestRead: Double? {
    entries[head...].first { $0.isVideo }?.read
  }

  /// The newest keyframe after the first video packet.
  private var newestKeyframe: Int? {
    guard let first = entries[head...].firstIndex(where: { $0.isVideo }),
      let newest = entries[head...].lastIndex(where: { $0.isVideo && $0.isKeyframe }),
      newest > first
    else { return nil }
    return newest
  }

  /// Leaves out the older half of the audio.
  private mutating func skipAudio() {
    entries = entries[head...].filter { entry in
      guard !entry.isVideo, audioBytes > limits.bytes / 2 else { return true }
      audioBytes -= entry.bytes
      bytes -= entry.bytes
      return false
    }
    head = 0
  }

  private mutating func skip(now: Double) {
    let keyframe = newestKeyframe
    if let keyframe {
      entries[keyframe].isAfterGap = true
    } else {
      waitsSince = now
    }
    let end = keyframe ?? entries.count
    leftOut += entries[head..<end].count { $0.isVideo }
    entries = entries[head..<end].filter { !$0.isVideo } + entries[end...]
    head = 0
    bytes = entries.reduce(0) { $0 + $1.bytes }
    videoCount = entries.count { $0.isVideo }
  }
}
