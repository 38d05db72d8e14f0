import CFFmpeg
internal import Support

/// Opens a source and reads its packets, which nobody decodes: the main stream of a camera whose
/// sub stream is analysed.
///
/// Use it from one thread at a time, and read all the time: what isn't read waits in the buffers of
/// the network, and is lost when they are full. Every call returns within its deadline, and soon
/// after its `Cancellation` is cancelled. Whoever uses it opens a source that is lost again.
package final class PacketReader {
  /// What is known about the video.
  package let info: StreamInfo
  private let demuxer: FormatContext
  private let packet: PacketBuffer
  private let tap: PacketTap
  private var failures = 0

  /// After more failed reads in a row than this, no packet is expected any more.
  private static let mostBroken = 32

  /// Opens `location`: a path, a URL, `/dev/videoN`, or `-` for standard input.
  ///
  /// - Throws: `MediaError` if the source cannot be opened within `options.openTimeout`.
  package init(
    _ location: String, options: InputOptions = InputOptions(),
    cancellation: Cancellation = Cancellation()
  ) throws(MediaError) {
    let interrupt = Interrupt(cancellation)
    interrupt.arm(seconds: options.openTimeout)
    let place = try Location(location, interrupt: interrupt)
    packet = try PacketBuffer()
    let demuxer = try FormatContext.open(
      place, source: location, options: options, interrupt: interrupt)
    self.demuxer = demuxer
    guard let video = demuxer.bestStream(AVMEDIA_TYPE_VIDEO),
      let stream = unsafe demuxer.stream(video)
    else {
      throw demuxer.failure(
        FFmpegError(code: SD_AVERROR_STREAM_NOT_FOUND, call: "av_find_best_stream"))
    }
    let sound = demuxer.bestStream(AVMEDIA_TYPE_AUDIO, near: video)
    info = unsafe StreamInfo(demuxer, stream: stream, kind: demuxer.kind, hasAudio: sound != nil)
    let audio = demuxer.isSoundEncrypted(place) ? nil : sound
    demuxer.keepOnly([video] + (audio.map { [$0] } ?? []))
    tap = try PacketTap(
      demuxer, video: video, audio: audio,
      limits: demuxer.clockLimits(
        ofStream: video, kind: demuxer.kind, isPushed: place.isLive == true))
  }

  /// What is needed to write the next packet.
  package var streams: CopiedStreams { tap.present }

  /// Waits for the next packet of video or sound; `nil` at the end.
  ///
  /// - Throws: `MediaError` if the deadline passes, the source breaks off or reading is cancelled.
  package func next() throws(MediaError) -> TappedPacket? {
    while true {
      let asked = (time: LiveExchange.now, awake: AwakeClock.process.now)
      switch try demuxer.read(into: packet) {
      case .packet:
        failures = 0
        let waited = LiveReading.waited(since: asked)
        if let tapped = try tap.take(packet, waited: waited) { return tapped }
      case .end:
        guard let error = demuxer.transportError else { return nil }
        throw demuxer.failure(error)
      case .unfinished: return nil
      case .broken(let error):
        failures += 1
        guard error.code == SD_AVERROR_INVALIDDATA, failures <= Self.mostBroken else {
          throw demuxer.failure(error)
        }
      }
    }
  }
}
