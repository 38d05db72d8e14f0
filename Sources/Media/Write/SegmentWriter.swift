import CFFmpeg

/// Writes the packets of a source into an MP4 file in fragments, as they are.
///
/// Each fragment is a group of pictures, or a second where groups are longer, and is given to the
/// system when it ends: whatever happens to this process then, the file plays up to its last
/// fragment. The file grows under its own name, and its time 0 is the first picture. Use it from
/// one thread at a time.
package final class SegmentWriter {
  /// Why the sound is left out, in words; `nil` if it isn't, or there is none.
  package let soundRefusal: String?
  private let streams: CopiedStreams
  private let muxer: Muxer
  private let video: Int32
  private let audioStream: Int32?
  private var audio: AudioCopy?
  private var origin: Int64?

  /// Opens `path`, whose content is replaced, for packets of `streams`.
  ///
  /// - Throws: `MediaError` "output_failed" if that fails.
  package init(_ path: String, _ streams: CopiedStreams) throws(MediaError) {
    self.streams = streams
    muxer = try Muxer(
      OutputTarget(growingFile: path, muxer: "mp4"), writeTimeout: .infinity, fragments: .groups)
    video = try muxer.addVideo(copying: streams.video)
    let rules = muxer.rules
    soundRefusal = streams.audio.flatMap { AudioTrial.refusal(of: $0, by: rules) }
    var audioStream: Int32?
    if let sound = streams.audio, soundRefusal == nil { audioStream = try muxer.addAudio(sound) }
    self.audioStream = audioStream
    // Recorders put packets in order already; waiting once more would lose more to a crash.
    try muxer.writeHeader(longest: 0)
  }

  /// The number of bytes up to the end of the last fragment; after a failure, what follows is a
  /// part of one.
  package var wholeByteCount: Int { muxer.wholeByteCount }

  /// Writes a packet; those of sound that come before the first picture are left out.
  ///
  /// - Throws: `MediaError` "output_failed": nothing more can be written.
  package func write(_ packet: TappedPacket) throws(MediaError) {
    let dts = packet.packet.dts ?? 0
    guard packet.isVideo else {
      try audio?.write(packet.packet, to: muxer)
      return
    }
    let pts = packet.packet.pts ?? dts
    let start = origin ?? begin(at: pts)
    try muxer.write(
      packet.packet, stream: video, pts: pts.clampedDifference(start),
      dts: dts.clampedDifference(start))
  }

  private func begin(at pts: Int64) -> Int64 {
    origin = pts
    if let sound = streams.audio, let audioStream {
      audio = AudioCopy(
        sound, stream: audioStream,
        origin: PresentationTime(pts: pts, timeBase: streams.video.timeBase))
    }
    return pts
  }

  /// Ends the fragment: all packets but the last of each stream can be read now.
  ///
  /// - Throws: `MediaError` "output_failed": nothing more can be written.
  package func flush() throws(MediaError) {
    if origin != nil { try muxer.flush() }
  }

  /// Ends the file; `next` is the picture that follows in another one.
  ///
  /// - Throws: `MediaError` "output_failed" if that fails.
  package func finish(before next: TappedPacket? = nil) throws(MediaError) {
    if let next, next.streams === streams, let origin, let dts = next.packet.dts {
      muxer.end(video, at: dts.clampedDifference(origin), timeBase: streams.video.timeBase)
    }
    try muxer.finish()
  }
}
