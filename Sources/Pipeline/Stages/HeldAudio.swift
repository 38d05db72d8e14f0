internal import Media

/// Audio of frames that were left out, for the next one that isn't.
///
/// Before the first frame that is analysed only what can still be heard with it is kept. After
/// that, more than a little is sent ahead of the next frame, which may be hours away. For one
/// thread at a time.
final class HeldAudio {
  private var packets: [Packet] = []
  private var byteCount = 0
  private var hasBegun = false
  private let mostBefore: Int
  private let mostWaiting: Int
  private let send: ([Packet]) -> Void

  /// Seconds before a picture of which the sound is kept: decoders need a packet or two to settle.
  private static let leadIn = 1.0

  /// Makes an empty store; `send` gets what can't wait.
  ///
  /// At most `mostBefore` bytes are kept before the first frame, and later `mostWaiting`, some
  /// seconds of compressed sound.
  init(
    mostBefore: Int = mostAudioBytes, mostWaiting: Int = 1 << 20,
    send: @escaping ([Packet]) -> Void
  ) {
    self.mostBefore = mostBefore
    self.mostWaiting = mostWaiting
    self.send = send
  }

  /// Adds packets in source order.
  func add(_ more: [Packet]) {
    packets += more
    for packet in more { byteCount += packet.byteCount }
    if hasBegun {
      if byteCount > mostWaiting { send(take()) }
    } else if byteCount > mostBefore {
      // Half of them at once, so that making room stays rare.
      drop { byteCount, _ in byteCount > self.mostBefore / 2 }
    }
  }

  /// Notes that a frame was left out: nothing that ends before it is heard with a later one.
  func skip(_ frame: Frame) {
    guard !hasBegun, let picture = frame.picture, let pts = picture.pts else { return }
    skip(stamp: picture.timeBase.seconds(pts))
  }

  /// Notes that frames up to one were left out, whose time stamp is given in seconds.
  func skip(stamp: Double) {
    guard !hasBegun else { return }
    let time = stamp - Self.leadIn
    drop { _, packet in packet.pts.map { packet.timeBase.seconds($0) < time } ?? false }
  }

  /// All packets, for a frame or the end of the source.
  func take() -> [Packet] {
    hasBegun = true
    defer { (packets, byteCount) = ([], 0) }
    return packets
  }

  /// Drops the oldest packets while `isOld` says so, which gets the bytes that are left.
  private func drop(while isOld: (Int, Packet) -> Bool) {
    var count = 0
    while count < packets.count, isOld(byteCount, packets[count]) {
      byteCount -= packets[count].byteCount
      count += 1
    }
    if count > 0 { packets.removeFirst(count) }
  }
}
