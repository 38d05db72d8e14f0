import CFFmpeg
import Support

/// Writes packets into a container.
///
/// Wraps `AVFormatContext`.
@safe
final class Muxer {
  let rules: ContainerRules
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let target: OutputTarget
  private let deadline: OutputDeadline
  private var interleaver = Interleaver<Packet>(tracks: 1)
  private var audioStream: Int32?
  private var fragments: FragmentClock?
  private let fragmentRule: FragmentClock.Rule
  /// The number of bytes up to the end of the last fragment.
  private(set) var wholeByteCount = 0
  /// The last packet of each stream, while its duration isn't known.
  private var held: [Int32: Packet] = [:]
  /// Audio packets that the muxer didn't take, and why it didn't take the first.
  private(set) var refusedAudio = 0
  private(set) var refusal: FFmpegError?

  /// Whether the header is written, and the trailer isn't.
  private var isUnfinished = false

  /// Opens the output; the header is written once the streams are known.
  init(
    _ target: OutputTarget, writeTimeout: Double, fragments: FragmentClock.Rule = .seconds
  ) throws(MediaError) {
    fragmentRule = fragments
    rules = try ContainerRules(muxer: target.muxer, location: target.location)
    self.target = target
    deadline = OutputDeadline(seconds: writeTimeout)
    var made: UnsafeMutablePointer<AVFormatContext>?
    unsafe avformat_alloc_output_context2(
      &made, nil, target.muxer, FileName.cString(target.url))
    unsafe context = try allocated(
      made, "avformat_alloc_output_context2", source: target.location)
    unsafe context.pointee.interrupt_callback = deadline.callback
    // FLAC and TrueHD in MP4 are in use, though FFmpeg still calls them experimental.
    unsafe context.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
    guard !rules.opensItself else { return }
    try attempt("avio_open2") {
      var callback = unsafe deadline.callback
      return unsafe avio_open2(
        &context.pointee.pb, FileName.cString(target.url), AVIO_FLAG_WRITE, &callback, nil)
    }
  }

  deinit {
    if rules.opensItself {
      // Such muxers (RTSP's, for one) close their connection only with the trailer.
      if isUnfinished { _ = deadline.limit { unsafe av_write_trailer(context) } }
    } else {
      _ = deadline.limit { unsafe avio_closep(&context.pointee.pb) }
    }
    unsafe avformat_free_context(context)
  }

  /// Adds the stream of an encoder and returns its number.
  func addVideo(
    _ encoder: VideoEncoder, timeBase: AVRational, frameRate: AVRational
  ) throws(MediaError) -> Int32 {
    let stream = unsafe try makeStream()
    try check(
      unsafe avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context),
      "avcodec_parameters_from_context", source: target.location)
    unsafe stream.pointee.time_base = timeBase
    unsafe stream.pointee.avg_frame_rate = frameRate
    unsafe stream.pointee.r_frame_rate = frameRate
    unsafe stream.pointee.sample_aspect_ratio = encoder.context.pointee.sample_aspect_ratio
    return unsafe stream.pointee.index
  }

  /// Adds a video stream whose packets will be copied and returns its number.
  func addVideo(copying video: VideoParameters) throws(MediaError) -> Int32 {
    let stream = unsafe try makeStream()
    do { try unsafe video.describe(stream) } catch {
      throw MediaError(error, source: target.location)
    }
    return unsafe stream.pointee.index
  }

  /// Adds a stream whose packets will be copied and returns its number.
  func addAudio(_ audio: AudioParameters) throws(MediaError) -> Int32 {
    let stream = unsafe try makeStream()
    do { try unsafe audio.describe(stream) } catch {
      throw MediaError(error, source: target.location)
    }
    audioStream = unsafe stream.pointee.index
    return unsafe stream.pointee.index
  }

  /// Writes the container's header; packets of one stream wait at most `longest` seconds of the
  /// other's for their place in the order.
  func writeHeader(longest: Double? = nil) throws(MediaError) {
    interleaver = Interleaver(
      tracks: unsafe Int(context.pointee.nb_streams),
      longest: longest ?? (target.isNetwork ? 2 : 10))
    var options: OpaquePointer?
    defer { unsafe av_dict_free(&options) }
    if !target.isNetwork {
      for (key, value) in rules.fragmentOptions { unsafe av_dict_set(&options, key, value, 0) }
      fragments = FragmentClock(waitsForAudio: audioStream != nil, rule: fragmentRule)
    }
    try attempt("avformat_write_header") { unsafe avformat_write_header(context, &options) }
    isUnfinished = true
    // Switched off with fragments; AAC of transport streams needs it.
    unsafe context.pointee.flags |= AVFMT_FLAG_AUTO_BSF
  }

  /// Writes an encoder's packet, which is empty afterwards, with times in ticks of `timeBase`.
  func write(
    _ packet: borrowing PacketBuffer, stream: Int32, timeBase: AVRational
  ) throws(MediaError) {
    let own = unsafe try Packet(referencing: packet.raw, timeBase: TimeBase(timeBase))
    packet.clear()
    try add(own, stream: stream)
  }

  /// Writes a source's packet without copying its data, with new times in its own time base.
  func write(_ packet: Packet, stream: Int32, pts: Int64, dts: Int64) throws(MediaError) {
    let own = unsafe try Packet(referencing: packet.raw, timeBase: packet.timeBase)
    unsafe own.raw.pointee.pts = pts
    unsafe own.raw.pointee.dts = dts
    unsafe own.raw.pointee.pos = -1
    try add(own, stream: stream)
  }

  /// Says when the packet of a stream that would come next is decoded, which tells how long the
  /// last one lasts.
  func end(_ stream: Int32, at dts: Int64, timeBase: TimeBase) {
    guard let last = held[stream] else { return }
    let end = av_rescale_q(dts, timeBase.raw, self.timeBase(of: stream))
    let duration = unsafe end.clampedDifference(last.raw.pointee.dts)
    if duration > 0 { unsafe last.raw.pointee.duration = duration }
  }

  /// Brings what was written so far to the file, so that it can be read; the last packet of each
  /// stream is held back.
  func flush() throws(MediaError) {
    for packet in interleaver.finish() { try put(packet) }
    try endFragment()
  }

  /// The number of bytes that were written.
  var byteCount: Int {
    unsafe context.pointee.pb.map { unsafe Int(avio_seek($0, 0, SEEK_CUR)) } ?? 0
  }

  /// Writes the packets held back and the container's trailer.
  func finish() throws(MediaError) {
    for (stream, packet) in held.sorted(by: { $0.key < $1.key }) {
      for ready in queue(packet, stream: stream) { try put(ready) }
    }
    held = [:]
    for packet in interleaver.finish() { try put(packet) }
    isUnfinished = false
    try attempt("av_write_trailer") { unsafe av_write_trailer(context) }
    guard !rules.opensItself else { return }
    try attempt("avio_close") { unsafe avio_closep(&context.pointee.pb) }
  }

  /// Takes over a packet that has no other owner.
  private func add(_ packet: Packet, stream: Int32) throws(MediaError) {
    let base = timeBase(of: stream)
    unsafe av_packet_rescale_ts(packet.raw, packet.timeBase.raw, base)
    unsafe packet.raw.pointee.stream_index = stream
    guard fragments != nil, rules.needsIndex else {
      for ready in queue(packet, stream: stream) { try put(ready) }
      return
    }
    // A fragment tells durations rather than times, so each packet waits for the time of the next.
    let last = held.updateValue(packet, forKey: stream)
    guard let last else { return }
    let duration = unsafe packet.raw.pointee.dts.clampedDifference(last.raw.pointee.dts)
    if duration > 0 { unsafe last.raw.pointee.duration = duration }
    for ready in queue(last, stream: stream) { try put(ready) }
  }

  /// Takes a packet into the order of the file, and returns those that come next.
  private func queue(_ packet: Packet, stream: Int32) -> [Packet] {
    let base = TimeBase(timeBase(of: stream))
    return interleaver.add(
      packet, track: Int(stream), time: unsafe base.seconds(packet.raw.pointee.dts),
      byteCount: packet.byteCount)
  }

  /// Writes the next packet of the file.
  ///
  /// One of the audio that the muxer can't take (its header is damaged, say) is left out; each
  /// packet is written by itself, so an error is its own.
  private func put(_ packet: Packet) throws(MediaError) {
    let stream = unsafe packet.raw.pointee.stream_index
    let time = unsafe TimeBase(timeBase(of: stream)).seconds(packet.raw.pointee.dts)
    let isAudio = stream == audioStream
    if !isAudio, packet.isKeyframe, fragments?.isDue(beforeKeyframeAt: time) == true {
      try endFragment()
    }
    var result: Int32 = 0
    try attempt("av_write_frame") {
      result = unsafe av_write_frame(context, packet.raw)
      return isAudio && isRefusal(result) ? 0 : result
    }
    if result < 0 {
      refusedAudio += 1
      refusal = refusal ?? FFmpegError(code: result, call: "av_write_frame")
      return
    }
    guard fragments?.isDue(time, byteCount: packet.byteCount, isAudio: isAudio) == true else {
      return
    }
    try endFragment()
  }

  /// Brings what was written since the last time to the disk, with an index of its own where the
  /// container needs one.
  private func endFragment() throws(MediaError) {
    // The first time, only the description of the streams is written.
    for _ in 0..<(fragments?.isFirst == true ? 2 : 1) {
      try attempt("av_write_frame") {
        let result = unsafe av_write_frame(context, nil)
        // Some codecs can't be described before their first packet has come.
        return isRefusal(result) ? 0 : result
      }
    }
    fragments?.end()
    try attempt("avio_flush") {
      unsafe avio_flush(context.pointee.pb)
      return unsafe context.pointee.pb.map { unsafe min(0, $0.pointee.error) } ?? 0
    }
    wholeByteCount = byteCount
  }

  /// Whether the muxer didn't like what it was given, rather than failing to write it.
  private func isRefusal(_ result: Int32) -> Bool {
    guard unsafe context.pointee.pb.map({ unsafe $0.pointee.error >= 0 }) ?? true else {
      return false
    }
    let refusals = [
      SD_AVERROR_INVALIDDATA, SD_AVERROR_PATCHWELCOME, SD_AVERROR_BUG, -EINVAL, -ERANGE, -ENOSYS,
      // What muxers return when they have no code for it.
      -1,
    ]
    return refusals.contains(result)
  }

  private func makeStream() throws(MediaError) -> UnsafeMutablePointer<AVStream> {
    unsafe try allocated(
      avformat_new_stream(context, nil), "avformat_new_stream", source: target.location)
  }

  /// The muxer may have changed the time base when it wrote its header.
  private func timeBase(of stream: Int32) -> AVRational {
    guard let found = unsafe context.pointee.streams[Int(stream)] else {
      preconditionFailure("no stream \(stream)")
    }
    return unsafe found.pointee.time_base
  }

  private func attempt(_ call: StaticString, _ body: () -> Int32) throws(MediaError) {
    var isPastDeadline = false
    let result = deadline.limit {
      let result = body()
      isPastDeadline = result < 0 && deadline.isOver
      return result
    }
    guard result < 0 else { return }
    guard !isPastDeadline else {
      throw MediaError(
        .outputFailed, source: target.location,
        message: "The receiver took no data for \(deadline.seconds) s.",
        remedy: "Check the network and that the receiver is running.", isTransient: true)
    }
    throw MediaError(
      output: FFmpegError(code: result, call: "\(call)"), location: target.location,
      isNetwork: target.isNetwork)
  }
}
