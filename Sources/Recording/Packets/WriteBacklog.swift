/// The packets that wait for the disk, and which of them are left out.
///
/// What waits is bounded in bytes and in seconds. When it is too much, the rest of the group of
/// pictures that comes in is left out, and whole groups after it, until there is room again: what
/// waits already goes on to the disk without a hole.
package struct WriteBacklog<Packet: RecordedPacket> {
  /// What waits for the thread that writes.
  package enum Item {
    /// A packet, and whether packets before it were left out.
    case packet(Packet, isAfterGap: Bool)
    /// Nothing more is wanted for now.
    case end
  }

  /// What may wait.
  package struct Limits: Sendable {
    /// Bytes that wait at most.
    package var bytes: Int
    /// Seconds that a packet waits at most.
    package var seconds: Double

    /// Sets both limits.
    package init(bytes: Int = 32 << 20, seconds: Double = 30) {
      self.bytes = bytes
      self.seconds = seconds
    }
  }

  package let limits: Limits
  /// The number of bytes that wait.
  package private(set) var byteCount = 0
  /// Video packets that were left out so far.
  package private(set) var leftOut = 0
  private var items: [Item] = []
  private var oldest: Double?
  private var isLeavingOut = false
  private var hasGap = false

  /// Creates an empty one.
  package init(limits: Limits) { self.limits = limits }

  /// Whether nothing waits.
  package var isEmpty: Bool { items.isEmpty }

  /// Adds a packet, or leaves it out.
  package mutating func add(_ packet: Packet) {
    let waited = packet.arrival - (oldest ?? packet.arrival)
    if isLeavingOut {
      guard packet.isKeyframe, byteCount <= limits.bytes / 2, waited <= limits.seconds / 2 else {
        if packet.isVideo { leftOut += 1 }
        return
      }
      isLeavingOut = false
    } else if byteCount + packet.byteCount > limits.bytes || waited > limits.seconds {
      isLeavingOut = true
      hasGap = true
      if packet.isVideo { leftOut += 1 }
      return
    }
    items.append(.packet(packet, isAfterGap: hasGap))
    hasGap = false
    byteCount += packet.byteCount
    oldest = oldest ?? packet.arrival
  }

  /// Adds the end of what is wanted for now.
  package mutating func addEnd() {
    items.append(.end)
    (isLeavingOut, hasGap) = (false, false)
  }

  /// All that waits, in order, which waits no longer.
  package mutating func takeAll() -> [Item] {
    defer {
      items.removeAll(keepingCapacity: true)
      byteCount = 0
      oldest = nil
    }
    return items
  }
}
