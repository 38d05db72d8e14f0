import CFFmpeg

/// Writes packets into a container.
///
/// Wraps `AVFormatContext`.
@safe
final class Muxer {
  let rules: ContainerRules
  private let context: UnsafeMutablePointer<AVFormatContext>
  private let target: OutputTarget
  private let deadline: OutputDeadline
  /// A packet that is reused for everything copied from a source.
  private let scratch = PacketBuffer()

  /// Opens the output; the header is written once the streams are known.
  init(_ target: OutputTarget, writeTimeout: Double) throws(MediaError) {
    rules = try ContainerRules(muxer: target.muxer, location: target.location)
    self.target = target
    deadline = OutputDeadline(seconds: writeTimeout)
    var made: UnsafeMutablePointer<AVFormatContext>?
    unsafe avformat_alloc_output_context2(&made, nil, target.muxer, target.url)
    guard let context = unsafe made else { fatalError("avformat_alloc_output_context2: no memory") }
    unsafe self.context = unsafe context
    unsafe context.pointee.interrupt_callback = deadline.callback
    guard !rules.opensItself else { return }
    try attempt("avio_open2") {
      var callback = unsafe deadline.callback
      return unsafe avio_open2(
        &context.pointee.pb, target.url, AVIO_FLAG_WRITE, &callback, nil)
    }
  }

  deinit {
    if !rules.opensItself {
      _ = deadline.limit { unsafe avio_closep(&context.pointee.pb) }
    }
    unsafe avformat_free_context(context)
  }

  /// Adds the stream of an encoder and returns its number.
  func addVideo(
    _ encoder: VideoEncoder, timeBase: AVRational, frameRate: AVRational
  ) throws(MediaError) -> Int32 {
    let stream = unsafe makeStream()
    try check(
      unsafe avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context),
      "avcodec_parameters_from_context", source: target.location)
    unsafe stream.pointee.time_base = timeBase
    unsafe stream.pointee.avg_frame_rate = frameRate
    unsafe stream.pointee.r_frame_rate = frameRate
    unsafe stream.pointee.sample_aspect_ratio = encoder.context.pointee.sample_aspect_ratio
    return unsafe stream.pointee.index
  }

  /// Adds a stream whose packets will be copied and returns its number.
  func addAudio(_ audio: AudioParameters) throws(MediaError) -> Int32 {
    let stream = unsafe makeStream()
    try check(
      unsafe avcodec_parameters_copy(stream.pointee.codecpar, audio.raw),
      "avcodec_parameters_copy", source: target.location)
    // The tag belongs to the source's container; the muxer chooses its own.
    unsafe stream.pointee.codecpar.pointee.codec_tag = 0
    unsafe stream.pointee.time_base = audio.timeBase.raw
    return unsafe stream.pointee.index
  }

  func writeHeader() throws(MediaError) {
    var options: OpaquePointer?
    defer { unsafe av_dict_free(&options) }
    if rules.canStartFast, target.file != nil {
      unsafe av_dict_set(&options, "movflags", "+faststart", 0)
    }
    try attempt("avformat_write_header") { unsafe avformat_write_header(context, &options) }
  }

  /// Writes an encoder's packet, which is empty afterwards, with times in ticks of `timeBase`.
  func write(
    _ packet: borrowing PacketBuffer, stream: Int32, timeBase: AVRational
  ) throws(MediaError) {
    unsafe av_packet_rescale_ts(packet.raw, timeBase, self.timeBase(of: stream))
    unsafe packet.raw.pointee.stream_index = stream
    try attempt("av_interleaved_write_frame") {
      unsafe av_interleaved_write_frame(context, packet.raw)
    }
  }

  /// Writes a source's packet without copying its data, with new times in its own time base.
  func write(_ packet: Packet, stream: Int32, pts: Int64, dts: Int64) throws(MediaError) {
    try check(
      unsafe av_packet_ref(scratch.raw, packet.raw), "av_packet_ref", source: target.location)
    unsafe scratch.raw.pointee.pts = pts
    unsafe scratch.raw.pointee.dts = dts
    unsafe scratch.raw.pointee.pos = -1
    try write(scratch, stream: stream, timeBase: packet.timeBase.raw)
  }

  /// Writes the packets held back and the container's trailer.
  func finish() throws(MediaError) {
    try attempt("av_write_trailer") { unsafe av_write_trailer(context) }
    guard !rules.opensItself else { return }
    try attempt("avio_close") { unsafe avio_closep(&context.pointee.pb) }
  }

  private func makeStream() -> UnsafeMutablePointer<AVStream> {
    guard let stream = unsafe avformat_new_stream(context, nil) else {
      fatalError("avformat_new_stream: no memory")
    }
    return unsafe stream
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
