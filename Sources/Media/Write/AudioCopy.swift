import CFFmpeg

/// The audio track of a video being written: packets are copied, and their times are shifted like
/// those of the pictures.
struct AudioCopy {
  let parameters: AudioParameters
  private let stream: Int32
  private var clock: StreamClock
  /// The time of the next packet, if it has none.
  private var nextTime: Int64

  /// Seconds of audio that are kept from before the first picture.
  ///
  /// Decoders need a packet or two to settle; more would delay the picture.
  private static let leadIn = 0.1

  /// Copies packets to `stream` with times shifted so that `origin` becomes 0.
  init(_ parameters: AudioParameters, stream: Int32, origin: PresentationTime) {
    self.parameters = parameters
    self.stream = stream
    let start = origin.rescaled(to: parameters.timeBase).pts
    clock = StreamClock(
      origin: start, step: parameters.timeBase.ticks(0.02),
      tolerance: parameters.timeBase.ticks(1))
    nextTime = start
  }

  mutating func write(_ packet: Packet, to muxer: Muxer) throws(MediaError) {
    let duration = packet.duration
    let dts = packet.dts ?? packet.pts ?? nextTime
    nextTime = dts.clampedDifference(0 &- duration)
    let end = nextTime.clampedDifference(clock.origin)
    guard end > -parameters.timeBase.ticks(Self.leadIn) else { return }
    let delay = (packet.pts ?? dts).clampedDifference(dts)
    let placed = clock.place(dts)
    try muxer.write(
      packet, stream: stream, pts: placed.clampedDifference(-max(0, delay)), dts: placed)
  }
}

/// Audio that came before the first picture.
struct EarlyAudio {
  private var packets: [Packet] = []
  private var byteCount = 0

  /// The most bytes that are kept; older packets make room, of which those before the first picture
  /// would be left out anyway.
  private static let mostBytes = 64 << 20

  mutating func add(_ packet: Packet) {
    packets.append(packet)
    byteCount += packet.byteCount
    guard byteCount > Self.mostBytes else { return }
    // Half at once, so that making room stays rare.
    packets = Array(
      packets.drop { packet in
        guard byteCount > Self.mostBytes / 2 else { return false }
        byteCount -= packet.byteCount
        return true
      })
  }

  /// All of them, in order; none are kept.
  mutating func take() -> [Packet] {
    defer { self = EarlyAudio() }
    return packets
  }
}
