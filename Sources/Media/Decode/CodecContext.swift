import CFFmpeg
internal import Support

/// The decoder of one video stream.
///
/// Wraps `AVCodecContext`.
@safe
struct CodecContext: ~Copyable {
  let raw: UnsafeMutablePointer<AVCodecContext>
  /// Whether packets may hold metadata that FFmpeg would inflate without a limit.
  private let isPNG: Bool

  private init(_ codec: UnsafePointer<AVCodec>, source: String) throws(MediaError) {
    unsafe raw = try allocated(
      avcodec_alloc_context3(codec), "avcodec_alloc_context3", source: source)
    isPNG = unsafe [AV_CODEC_ID_PNG, AV_CODEC_ID_APNG].contains(codec.pointee.id)
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
    let limit = PixelLimit(options.maxPixels)
    let size = unsafe (width: parameters.pointee.width, height: parameters.pointee.height)
    try limit.check(width: size.width, height: size.height, source: source)
    let context = unsafe try CodecContext(codec, source: source)
    try check(
      unsafe avcodec_parameters_to_context(context.raw, parameters),
      "avcodec_parameters_to_context", source: source)
    unsafe context.raw.pointee.pkt_timebase = stream.pointee.time_base
    // The decoder checks each picture against it before it allocates one.
    unsafe context.raw.pointee.max_pixels = limit.forDecoder(
      width: size.width, height: size.height)
    unsafe context.raw.pointee.thread_count = Int32(
      clamping: threads(options.decoderThreads, parameters))
    unsafe context.raw.pointee.thread_type =
      isLive ? FF_THREAD_SLICE : FF_THREAD_FRAME | FF_THREAD_SLICE
    unsafe sd_carry_numbers(context.raw)
    if options.keyframesOnly { unsafe context.raw.pointee.skip_frame = AVDISCARD_NONKEY }
    try check(unsafe avcodec_open2(context.raw, codec, nil), "avcodec_open2", source: source)
    return context
  }

  /// What affinity and control groups leave; FFmpeg itself doesn't know the latter.
  private static let cores = availableCores()

  /// As many threads as were asked for, 0 for one per core, but not so many that the pictures they
  /// work on would take more than a gigabyte.
  private static func threads(
    _ wanted: Int, _ parameters: UnsafePointer<AVCodecParameters>
  ) -> Int {
    // With more, FFmpeg refuses the headers between files of Ogg that are one behind the other.
    if unsafe parameters.pointee.codec_id == AV_CODEC_ID_THEORA { return 1 }
    let pixels = unsafe Int(parameters.pointee.width) * Int(parameters.pointee.height)
    return threads(wanted, pixels: pixels, cores: cores, processors: Int(av_cpu_count()))
  }

  /// The same for a picture of `pixels` on a machine with `processors`, of which `cores` may be
  /// used; 0 leaves the number to FFmpeg.
  static func threads(_ wanted: Int, pixels: Int, cores: Int, processors: Int) -> Int {
    let most = max(1, (1 << 30) / max(pixels * 3 / 2, 1))
    // FFmpeg itself uses at most 16.
    if most >= 16, wanted > 0 || cores >= processors { return max(0, wanted) }
    return min(wanted > 0 ? wanted : cores, most)
  }

  private static func unsupported(
    _ stream: UnsafeMutablePointer<AVStream>, source: String
  ) -> MediaError {
    let name = unsafe stream.pointee.codecpar.map {
      unsafe String(cString: avcodec_get_name($0.pointee.codec_id))
    }
    let tag = unsafe stream.pointee.codecpar.map { unsafe fourCharacters($0.pointee.codec_tag) }
    // An id is missing where the container names a codec that this FFmpeg has never heard of.
    let isUnknown = name == nil || name == "none"
    return MediaError(
      .unsupportedCodec, source: source,
      message: isUnknown
        ? "This FFmpeg does not know the codec of its video, \"\(tag ?? "")\"."
        : "This FFmpeg has no decoder for \(name ?? "its video").",
      remedy: "Install an FFmpeg with that decoder, or convert the file.")
  }

  /// A container's name for a codec, such as `avc1`.
  private static func fourCharacters(_ tag: UInt32) -> String {
    var text = [CChar](repeating: 0, count: 64)
    unsafe av_fourcc_make_string(&text, tag)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVCodecContext>? = unsafe raw
    unsafe avcodec_free_context(&freeing)
  }

  /// Sends a packet; all frames available so far must have been received first.
  func send(_ packet: borrowing PacketBuffer) throws(FFmpegError) {
    if isPNG { try PNGMetadata.hide(in: packet) }
    try check(unsafe avcodec_send_packet(raw, packet.raw), "avcodec_send_packet")
  }

  /// Sends a packet whose number the frame that is decoded from it will have.
  func send(_ packet: borrowing PacketBuffer, number: Int64) throws(FFmpegError) {
    unsafe sd_set_number(raw, packet.raw, number)
    try send(packet)
  }

  /// Makes the decoder leave out pictures that no other refers to, or not, from the next packet on.
  func setLeavesOutFree(_ isOn: Bool) {
    unsafe raw.pointee.skip_frame = isOn ? AVDISCARD_NONREF : AVDISCARD_DEFAULT
  }

  /// Makes the decoder forget what it has, to start anew at a keyframe.
  func flush() { unsafe avcodec_flush_buffers(raw) }

  /// Makes complaints about the packet with `number`, which is sent next, go to `reports`.
  func mark(_ number: Int, _ reports: DamageReports) {
    unsafe raw.pointee.opaque = reports.mark(ofPacket: number)
  }

  /// The number of the packet that a frame was decoded from; `nil` if the decoder hasn't kept it.
  func number(of frame: UnsafePointer<AVFrame>) -> Int? {
    let number = unsafe sd_number(frame)
    return (1...Int64(UInt32.max)).contains(number) ? Int(number) : nil
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
