import CFFmpeg

/// Audio packets that a reader comes across while it looks for pictures.
struct AudioInbox {
  private var packets: [Packet] = []
  private var byteCount = 0
  /// Bytes of all packets so far.
  private var total = 0
  /// Gets packets while no picture comes, so that they need not wait for it.
  var overflow: (([Packet]) -> Void)?

  /// Bytes that are kept if there is a place for more.
  private static let mostBytes = 1 << 20
  /// Minutes of sound, and less than is kept without a picture.
  private static let longBytes = 16 << 20

  /// Keeps a packet, or passes it on with those before it.
  mutating func add(
    _ packet: borrowing PacketBuffer, timeBase: TimeBase
  ) throws(MediaError) {
    let kept = unsafe try Packet(referencing: packet.raw, timeBase: timeBase)
    packets.append(kept)
    byteCount += kept.byteCount
    total += kept.byteCount
    if byteCount > Self.mostBytes, let overflow { overflow(take()) }
  }

  /// Whether so much sound has come that a picture should not be waited for; true once.
  var isLong: Bool {
    mutating get {
      guard total > Self.longBytes else { return false }
      total = .min / 2
      return true
    }
  }

  /// All packets in source order; none are kept.
  mutating func take() -> [Packet] {
    defer {
      packets.removeAll(keepingCapacity: true)
      byteCount = 0
    }
    return packets
  }
}
