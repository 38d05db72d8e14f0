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
    byteCount += more.reduce(0) { $0 + $1.byteCount }
    if hasBegun {
      guard byteCount > mostWaiting else { return }
      send(take())
    } else {
      let kept = boundedAudio(packets, bytes: mostBefore)
      guard kept.count < packets.count else { return }
      keep(kept)
    }
  }

  /// Notes that a frame was left out: nothing that ends before it is heard with a later one.
  func skip(_ frame: Frame) {
    guard !hasBegun, let picture = frame.picture, let pts = picture.pts else { return }
    let time = picture.timeBase.seconds(pts) - Self.leadIn
    let first = packets.firstIndex { packet in
      packet.pts.map { packet.timeBase.seconds($0) >= time } ?? true
    }
    guard first != packets.startIndex else { return }
    keep(first.map { Array(packets[$0...]) } ?? [])
  }

  /// All packets, for a frame or the end of the source.
  func take() -> [Packet] {
    hasBegun = true
    defer { keep([]) }
    return packets
  }

  private func keep(_ kept: [Packet]) {
    packets = kept
    byteCount = kept.reduce(0) { $0 + $1.byteCount }
  }
}
