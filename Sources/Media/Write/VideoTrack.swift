import CFFmpeg

/// The picture track of a video being written: its encoder, its clock and its stream.
final class VideoTrack {
  private let encoder: VideoEncoder
  private let packet: PacketBuffer
  private let stream: Int32
  private let location: String
  /// The time base of the track's times.
  private let timeBase: TimeBase
  private var clock: StreamClock
  /// The format that every picture must have.
  let format: PictureFormat
  /// The times of pictures still being encoded; nil unless the encoder counts frames.
  private var countedTimes: CountedTimes?
  private let nominalDuration: Int64

  /// Opens the encoder for pictures like `first`, which is displayed at `time`.
  init(
    _ choice: EncoderChoice, _ options: VideoWriterOptions, first: Picture,
    at time: PresentationTime, muxer: Muxer, target: OutputTarget
  ) throws(MediaError) {
    packet = try PacketBuffer()
    let rate = options.plausibleFrameRate
    let hasVariableRate = muxer.rules.hasVariableRate
    // A container with a fixed rate counts frames.
    timeBase =
      hasVariableRate ? options.plausibleTimeBase : TimeBase(rate.denominator, rate.numerator)
    nominalDuration = max(1, timeBase.ticks(1 / rate.value))
    format = PictureFormat(of: first, asJPEG: choice.isJPEG)
    let frameTick = choice.countsFrames ? reducedInverse(rate) : timeBase.raw
    let settings = EncoderSettings(
      width: choice.wantsEvenSize ? first.layout.evenWidth : first.width,
      height: choice.wantsEvenSize ? first.layout.evenHeight : first.height,
      tags: format.tags, pixelAspect: first.pixelAspect, timeBase: frameTick,
      frameRate: rate.raw, crf: options.crf, threads: options.threads, isLive: target.isNetwork,
      keepsOrder: choice.countsFrames || muxer.rules.lacksPresentationTimes,
      wantsGlobalHeader: muxer.rules.wantsGlobalHeader)
    do { encoder = try VideoEncoder(choice, settings) } catch {
      throw MediaError(output: error, location: target.location)
    }
    clock = StreamClock(
      origin: time.rescaled(to: timeBase).pts, step: nominalDuration, tolerance: timeBase.ticks(1))
    countedTimes = choice.countsFrames ? CountedTimes() : nil
    location = target.location
    stream = try muxer.addVideo(encoder, timeBase: timeBase.raw, frameRate: rate.raw)
  }

  func write(
    _ picture: Picture, at time: PresentationTime, to muxer: Muxer
  ) throws(MediaError) {
    let pts = clock.place(time.rescaled(to: timeBase).pts)
    precondition(format.describes(picture), "a picture whose format differs from the first")
    do {
      try encoder.send(picture, pts: countedTimes?.append(pts) ?? pts)
    } catch { throw MediaError(output: error, location: location) }
    try drain(to: muxer)
  }

  func finish(to muxer: Muxer) throws(MediaError) {
    do { try encoder.send(nil, pts: 0) } catch {
      throw MediaError(output: error, location: location)
    }
    try drain(to: muxer)
  }

  private func drain(to muxer: Muxer) throws(MediaError) {
    while true {
      do { guard try encoder.receive(into: packet) else { return } } catch {
        throw MediaError(output: error, location: location)
      }
      if let pts = countedTimes?.removeFirst() {
        unsafe packet.raw.pointee.pts = pts
        unsafe packet.raw.pointee.dts = pts
      }
      unsafe packet.raw.pointee.duration = nominalDuration
      try muxer.write(packet, stream: stream, timeBase: timeBase.raw)
    }
  }
}

/// The times of pictures in an encoder that numbers them instead, and keeps their order.
private struct CountedTimes {
  private var waiting: [Int64] = []
  private var count: Int64 = 0

  /// Remembers a picture's time and returns its number.
  mutating func append(_ pts: Int64) -> Int64 {
    waiting.append(pts)
    count += 1
    return count - 1
  }

  mutating func removeFirst() -> Int64? { waiting.isEmpty ? nil : waiting.removeFirst() }
}

/// The duration of a frame at `rate`, with at most 65535 ticks per second, MPEG-4 part 2's limit.
private func reducedInverse(_ rate: Rational) -> AVRational {
  var numerator: Int32 = 0
  var denominator: Int32 = 1
  unsafe av_reduce(&numerator, &denominator, Int64(rate.denominator), Int64(rate.numerator), 65535)
  return AVRational(num: max(1, numerator), den: max(1, denominator))
}
