import CFFmpeg

/// Leaves out the packets at the start of a connection that were read over an earlier one.
struct RepeatedPackets {
  /// Seconds after which a packet is new in any case: it was waited for.
  private static let longestPause = 0.4

  private let read: ReadPackets
  private var isBehind: Bool
  /// Up to which time stamp unknown packets are older than the known ones, if any are.
  private var start: Int64?
  /// Known packets from the last keyframe on, which the decoder needs if what follows is new.
  private var held: [PacketBacklog<LivePacket>.Entry] = []

  /// `isFinite` says that the source begins with its first packet, whenever it is opened.
  init(_ read: ReadPackets, isFinite: Bool) {
    self.read = read
    isBehind = !read.isEmpty
    start = isBehind && isFinite ? read.latest : nil
  }

  /// Whether a packet, which has taken `seconds` to come, is to be left out.
  mutating func isRepeated(
    _ packet: borrowing PacketBuffer, isVideo: Bool, after seconds: Double
  ) -> Bool {
    let isKnown = isVideo ? read.note(packet) : isBehind
    guard isBehind else { return false }
    if isKnown, isVideo { start = nil }
    let stamp = unsafe packet.raw.pointee.pts
    let isOlder = start.map { stamp <= $0 } ?? false
    if !isOlder, seconds > Self.longestPause || !isKnown { isBehind = false }
    return isBehind
  }

  /// Keeps a packet that is left out, for the decoder.
  mutating func hold(_ entry: PacketBacklog<LivePacket>.Entry) {
    if entry.isKeyframe { held = [] }
    entry.element.isRepeated = true
    held.append(entry)
  }

  /// What the decoder needs before a packet that isn't left out.
  mutating func takeHeld(before isKeyframe: Bool) -> [PacketBacklog<LivePacket>.Entry] {
    defer { held = [] }
    return isKeyframe ? [] : held
  }
}
