import CFFmpeg

/// The decoder of one video stream.
///
/// Wraps `AVCodecContext`.
@safe
struct CodecContext: ~Copyable {
  let raw: UnsafeMutablePointer<AVCodecContext>

  private init(_ codec: UnsafePointer<AVCodec>) {
    guard let raw = unsafe avcodec_alloc_context3(codec) else {
      fatalError("avcodec_alloc_context3: no memory")
    }
    unsafe self.raw = raw
  }

  /// Opens the decoder of `stream`.
  ///
  /// Live sources use slice threads only, because frame threads delay each frame.
  static func open(
    stream: UnsafeMutablePointer<AVStream>, options: InputOptions, isLive: Bool, source: String
  ) throws(MediaError) -> CodecContext {
    guard let parameters = unsafe stream.pointee.codecpar,
      let codec = unsafe avcodec_find_decoder(parameters.pointee.codec_id)
    else { throw unsafe unsupported(stream, source: source) }
    let context = unsafe CodecContext(codec)
    try check(
      unsafe avcodec_parameters_to_context(context.raw, parameters),
      "avcodec_parameters_to_context", source: source)
    unsafe context.raw.pointee.pkt_timebase = stream.pointee.time_base
    unsafe context.raw.pointee.thread_count = Int32(clamping: max(0, options.decoderThreads))
    unsafe context.raw.pointee.thread_type =
      isLive ? FF_THREAD_SLICE : FF_THREAD_FRAME | FF_THREAD_SLICE
    if options.keyframesOnly { unsafe context.raw.pointee.skip_frame = AVDISCARD_NONKEY }
    try check(unsafe avcodec_open2(context.raw, codec, nil), "avcodec_open2", source: source)
    return context
  }

  private static func unsupported(
    _ stream: UnsafeMutablePointer<AVStream>, source: String
  ) -> MediaError {
    let name = unsafe stream.pointee.codecpar.map {
      unsafe String(cString: avcodec_get_name($0.pointee.codec_id))
    }
    return MediaError(
      .unsupportedCodec, source: source,
      message: "This FFmpeg has no decoder for \(name ?? "its video").",
      remedy: "Install an FFmpeg with that decoder, or convert the file.")
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVCodecContext>? = unsafe raw
    unsafe avcodec_free_context(&freeing)
  }

  /// Sends a packet; all frames available so far must have been received first.
  func send(_ packet: borrowing PacketBuffer) throws(FFmpegError) {
    try check(unsafe avcodec_send_packet(raw, packet.raw), "avcodec_send_packet")
  }

  /// Tells the decoder that no more packets follow, so it outputs the frames it still holds.
  ///
  /// - Throws: The error of an earlier packet: with n threads FFmpeg reports it n - 1 calls later,
  ///   so with two threads the last packet's error arrives here. The decoder drains anyway.
  func drain() throws(FFmpegError) {
    try check(unsafe avcodec_send_packet(raw, nil), "avcodec_send_packet")
  }

  /// Receives the next decoded frame.
  func receive(into frame: UnsafeMutablePointer<AVFrame>) throws(FFmpegError) -> Flow {
    try flow(unsafe avcodec_receive_frame(raw, frame), "avcodec_receive_frame")
  }
}
