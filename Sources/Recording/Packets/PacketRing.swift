/// The last seconds of a source, for recordings that begin before their cause is known.
///
/// It holds whole groups of pictures, so what is taken out of it begins with a keyframe: as many as
/// the seconds take, and the one that they begin in. The bytes are bounded as well; a group that
/// alone has more is given up, and the next keyframe waited for.
package struct PacketRing<Packet: RecordedPacket> {
  /// What may be held.
  package struct Limits: Sendable {
    /// Seconds that are kept, of `RecorderClock`.
    package var seconds: Double
    /// Bytes that are kept at most.
    package var bytes: Int

    /// Sets both limits.
    package init(seconds: Double = 10, bytes: Int = 32 << 20) {
      self.seconds = seconds
      self.bytes = bytes
    }
  }

  /// A keyframe and what follows it up to the next one.
  private struct Group {
    var packets: [Packet]
    var bytes: Int
    /// The number of its last packet.
    var last: Int
  }

  package let limits: Limits
  /// The number of bytes that it holds.
  package private(set) var byteCount = 0
  private var groups: [Group] = []
  private var newest = -Double.infinity

  /// Creates an empty ring.
  package init(limits: Limits) { self.limits = limits }

  /// Whether it holds nothing.
  package var isEmpty: Bool { groups.isEmpty }

  /// Adds the next packet, and makes room for it; `number` rises from packet to packet.
  package mutating func add(_ packet: Packet, number: Int) {
    newest = max(newest, packet.arrival)
    if packet.isKeyframe {
      groups.append(Group(packets: [packet], bytes: packet.byteCount, last: number))
    } else {
      // Sound of a new connection may come before its first picture.
      guard let place = groups.indices.last, let first = groups[place].packets.first,
        packet.fits(first)
      else { return }
      groups[place].packets.append(packet)
      groups[place].bytes += packet.byteCount
      groups[place].last = number
    }
    byteCount += packet.byteCount
    makeRoom()
  }

  /// The packets from the last keyframe at or before `arrival` on, or from the first that is held.
  ///
  /// Groups that end with the packet of the number `last`, or before it, are left out.
  package func packets(from arrival: Double, after last: Int) -> [Packet] {
    let start =
      groups.lastIndex { ($0.packets.first?.arrival ?? .infinity) <= arrival }
      ?? groups.startIndex
    return groups[start...].filter { $0.last > last }.flatMap(\.packets)
  }

  private mutating func makeRoom() {
    var leaving = 0
    var left = byteCount
    while leaving < groups.count {
      let isOld =
        leaving + 1 < groups.count
        && (groups[leaving + 1].packets.first?.arrival ?? .infinity) <= newest - limits.seconds
      guard isOld || left > limits.bytes else { break }
      left -= groups[leaving].bytes
      leaving += 1
    }
    groups.removeFirst(leaving)
    byteCount = left
  }
}
