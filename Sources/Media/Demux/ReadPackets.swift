import CFFmpeg
import Support

/// What was read of a playlist's video, over all connections to it.
///
/// A playlist that is opened again begins with its last segments, which may have been read already:
/// all of them, if what writes it has died and only the server is left.
package final class ReadPackets: Sendable {
  private struct State {
    var digests: Set<Int> = []
    var order: [Int] = []
    var next = 0
    var latest = Int64.min
  }

  /// So many packets are known, three quarters of an hour at 25 frames a second.
  private static let most = 1 << 16

  private let state = Locked(State())

  /// Nothing has been read.
  package init() {}

  /// Whether nothing has been read.
  var isEmpty: Bool { state.withLock { $0.order.isEmpty } }

  /// The latest time stamp, in ticks.
  var latest: Int64 { state.withLock { $0.latest } }

  /// Notes a packet, and returns whether it was known.
  func note(_ packet: borrowing PacketBuffer) -> Bool {
    let raw = unsafe packet.raw
    let stamp = unsafe raw.pointee.pts
    var hasher = Hasher()
    hasher.combine(stamp)
    unsafe hasher.combine(
      bytes: UnsafeRawBufferPointer(
        start: raw.pointee.data, count: max(0, Int(raw.pointee.size))))
    let digest = hasher.finalize()
    return state.withLock { state in
      state.latest = max(state.latest, stamp)
      guard state.digests.insert(digest).inserted else { return true }
      if state.order.count < Self.most {
        state.order.append(digest)
      } else {
        state.digests.remove(state.order[state.next])
        state.order[state.next] = digest
        state.next = (state.next + 1) % Self.most
      }
      return false
    }
  }
}
