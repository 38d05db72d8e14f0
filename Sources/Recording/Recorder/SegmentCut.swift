/// Says where a segment ends and the next one begins.
struct SegmentCut<Packet: RecordedPacket> {
  /// What becomes of a packet.
  enum Step: Equatable {
    /// It goes into the present segment.
    case write
    /// It begins a segment; the present one ends, if there is one.
    case begin
    /// It goes into none: no decoder could begin with it.
    case leaveOut
    /// As `leaveOut`, and it doesn't belong into the present segment, which ends.
    case end
  }

  /// How long a segment lasts at least, in seconds; it ends with the group of pictures.
  static var seconds: Double { 10 }
  /// How long a keyframe is waited for, in seconds: after that a segment begins with any picture,
  /// for streams that mark none.
  static var longest: Double { 300 }

  private var first: Packet?
  private var waitsSince: Double?

  /// Decides about the next packet; `isAfterGap` says that packets before it are missing.
  mutating func step(for packet: Packet, isAfterGap: Bool) -> Step {
    guard let first else { return mayBegin(packet) ? begin(packet) : .leaveOut }
    if isAfterGap || !packet.fits(first) {
      reset()
      return mayBegin(packet) ? begin(packet) : .end
    }
    let seconds = packet.time - first.time
    // Times in ticks aren't exact as seconds.
    let isLong = packet.isKeyframe && seconds > Self.seconds - 0.001
    return isLong || packet.isVideo && seconds > Self.longest ? begin(packet) : .write
  }

  /// The present segment has ended.
  mutating func reset() {
    first = nil
    waitsSince = nil
  }

  private mutating func begin(_ packet: Packet) -> Step {
    first = packet
    waitsSince = nil
    return .begin
  }

  private mutating func mayBegin(_ packet: Packet) -> Bool {
    if packet.isKeyframe { return true }
    let since = waitsSince ?? packet.arrival
    waitsSince = since
    return packet.isVideo && packet.arrival - since > Self.longest
  }
}
