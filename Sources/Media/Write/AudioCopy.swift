import CFFmpeg

/// The audio track of a video that is written: packets as they came, their times moved along with
/// the pictures'.
struct AudioCopy {
  let parameters: AudioParameters
  private let stream: Int32
  private var clock: StreamClock
  /// What a packet without a time follows.
  private var nextTime: Int64

  /// Seconds of sound before the first picture that are kept.
  ///
  /// Decoders need a packet or two to settle; more would delay the picture.
  private static let leadIn = 0.1

  /// Copies packets to `stream`, so that the time `origin` becomes 0.
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
    nextTime = dts.clampedDifference(-duration)
    let end = nextTime.clampedDifference(clock.origin)
    guard end > -parameters.timeBase.ticks(Self.leadIn) else { return }
    let delay = (packet.pts ?? dts).clampedDifference(dts)
    let placed = clock.place(dts)
    try muxer.write(
      packet, stream: stream, pts: placed.clampedDifference(-max(0, delay)), dts: placed)
  }
}

extension Packet {
  /// When it is decoded, in ticks, if the container says so.
  fileprivate var dts: Int64? {
    let dts = unsafe raw.pointee.dts
    return dts == SD_NO_PTS ? nil : dts
  }

  /// How long it lasts, in ticks; 0 where unknown.
  fileprivate var duration: Int64 { max(0, unsafe raw.pointee.duration) }
}
