import CFFmpeg
internal import Support

/// A file that we have written, from which packets are copied into another one.
///
/// Wraps `AVFormatContext`.
@safe
final class CopyInput {
  private var context: UnsafeMutablePointer<AVFormatContext>?
  private let packet: PacketBuffer

  init(_ path: String) throws(FFmpegError) {
    do { packet = try PacketBuffer() } catch { throw .noMemory("av_packet_alloc") }
    try check(
      unsafe avformat_open_input(&context, FileName.cString("file:" + path), nil, nil),
      "avformat_open_input")
    try check(unsafe avformat_find_stream_info(context, nil), "avformat_find_stream_info")
  }

  deinit { unsafe avformat_close_input(&context) }

  var streams: [UnsafeMutablePointer<AVStream>] {
    guard let context = unsafe context else { return unsafe [] }
    return unsafe (0..<Int(context.pointee.nb_streams)).compactMap {
      unsafe context.pointee.streams[$0]
    }
  }

  /// The first stream of a type.
  func stream(_ type: AVMediaType) -> UnsafeMutablePointer<AVStream>? {
    unsafe streams.first { unsafe $0.pointee.codecpar.pointee.codec_type == type }
  }

  /// Reads packets for as long as `body` wants more; it may change them.
  func read(
    _ body: (UnsafeMutablePointer<AVPacket>, UnsafeMutablePointer<AVStream>) throws(FFmpegError)
      -> Bool
  ) throws(FFmpegError) {
    let streams = unsafe streams
    while true {
      packet.clear()
      guard try flow(unsafe av_read_frame(context, packet.raw), "av_read_frame") == .done else {
        return
      }
      let index = unsafe Int(packet.raw.pointee.stream_index)
      guard unsafe streams.indices.contains(index) else { continue }
      guard try unsafe body(packet.raw, streams[index]) else { return }
    }
  }
}

/// A file with one index before its data, which every player and editor reads, and which plays
/// while it is downloaded.
///
/// Wraps `AVFormatContext`.
@safe
final class IndexedOutput {
  private var context: UnsafeMutablePointer<AVFormatContext>?

  /// Opens `path`, which is replaced, with streams like `streams`, whose packets will be copied.
  init(
    _ path: String, muxer: String, like streams: [UnsafeMutablePointer<AVStream>]
  ) throws(FFmpegError) {
    let url = FileName.cString("file:" + path)
    try check(
      unsafe avformat_alloc_output_context2(&context, nil, muxer, url),
      "avformat_alloc_output_context2")
    guard let context = unsafe context else {
      throw .noMemory("avformat_alloc_output_context2")
    }
    unsafe context.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
    for index in unsafe streams.indices {
      let from = unsafe streams[index]
      guard let to = unsafe avformat_new_stream(context, nil) else {
        throw .noMemory("avformat_new_stream")
      }
      try check(
        unsafe avcodec_parameters_copy(to.pointee.codecpar, from.pointee.codecpar),
        "avcodec_parameters_copy")
      unsafe to.pointee.time_base = from.pointee.time_base
      unsafe to.pointee.avg_frame_rate = from.pointee.avg_frame_rate
      unsafe to.pointee.r_frame_rate = from.pointee.r_frame_rate
      unsafe to.pointee.sample_aspect_ratio = from.pointee.sample_aspect_ratio
    }
    try check(unsafe avio_open(&context.pointee.pb, url, AVIO_FLAG_WRITE), "avio_open")
    var options: OpaquePointer?
    unsafe av_dict_set(&options, "movflags", "+faststart", 0)
    let result = unsafe avformat_write_header(context, &options)
    unsafe av_dict_free(&options)
    try check(result, "avformat_write_header")
  }

  deinit {
    guard let context = unsafe context else { return }
    unsafe avio_closep(&context.pointee.pb)
    unsafe avformat_free_context(context)
  }

  /// The number of its streams.
  var streamCount: Int { unsafe context.map { unsafe Int($0.pointee.nb_streams) } ?? 0 }

  /// Writes a packet with times in ticks of `timeBase` into the stream `index`; it is empty then.
  func write(
    _ packet: UnsafeMutablePointer<AVPacket>, stream index: Int, timeBase: AVRational
  ) throws(FFmpegError) {
    guard index < streamCount, let stream = unsafe context?.pointee.streams[index] else { return }
    unsafe av_packet_rescale_ts(packet, timeBase, stream.pointee.time_base)
    unsafe packet.pointee.stream_index = Int32(index)
    unsafe packet.pointee.pos = -1
    try check(unsafe av_interleaved_write_frame(context, packet), "av_interleaved_write_frame")
  }

  /// Writes the index.
  func finish() throws(FFmpegError) {
    guard let context = unsafe context else { return }
    try check(unsafe av_write_trailer(context), "av_write_trailer")
    try check(unsafe avio_closep(&context.pointee.pb), "avio_close")
  }
}
