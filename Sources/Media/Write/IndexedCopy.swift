import CFFmpeg
internal import Support

/// Copies a video that was written in fragments into one with a single index before its data, which
/// every player and editor reads, and which plays while it is downloaded.
///
/// Packets and their times stay as they are.
@safe
final class IndexedCopy {
  private var input: UnsafeMutablePointer<AVFormatContext>?
  private var output: UnsafeMutablePointer<AVFormatContext>?

  /// Copies `source` to `target` with FFmpeg's muxer `muxer`.
  static func write(from source: String, to target: String, muxer: String) throws(MediaError) {
    let copy = IndexedCopy()
    do {
      try copy.open(source, target, muxer)
      try copy.copyPackets()
    } catch {
      throw MediaError(output: error, location: target)
    }
  }

  private init() {}

  deinit {
    unsafe avformat_close_input(&input)
    guard let output = unsafe output else { return }
    unsafe avio_closep(&output.pointee.pb)
    unsafe avformat_free_context(output)
  }

  private func open(_ source: String, _ target: String, _ muxer: String) throws(FFmpegError) {
    try check(
      unsafe avformat_open_input(&input, FileName.cString("file:" + source), nil, nil),
      "avformat_open_input")
    try check(unsafe avformat_find_stream_info(input, nil), "avformat_find_stream_info")
    let url = FileName.cString("file:" + target)
    try check(
      unsafe avformat_alloc_output_context2(&output, nil, muxer, url),
      "avformat_alloc_output_context2")
    guard let input = unsafe input, let output = unsafe output else {
      throw .noMemory("avformat_alloc_output_context2")
    }
    unsafe output.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
    for index in unsafe 0..<Int(input.pointee.nb_streams) {
      guard let from = unsafe input.pointee.streams[index],
        let to = unsafe avformat_new_stream(output, nil)
      else { throw .noMemory("avformat_new_stream") }
      try check(
        unsafe avcodec_parameters_copy(to.pointee.codecpar, from.pointee.codecpar),
        "avcodec_parameters_copy")
      unsafe to.pointee.time_base = from.pointee.time_base
      unsafe to.pointee.avg_frame_rate = from.pointee.avg_frame_rate
      unsafe to.pointee.r_frame_rate = from.pointee.r_frame_rate
      unsafe to.pointee.sample_aspect_ratio = from.pointee.sample_aspect_ratio
    }
    try check(unsafe avio_open(&output.pointee.pb, url, AVIO_FLAG_WRITE), "avio_open")
    var options: OpaquePointer?
    unsafe av_dict_set(&options, "movflags", "+faststart", 0)
    let result = unsafe avformat_write_header(output, &options)
    unsafe av_dict_free(&options)
    try check(result, "avformat_write_header")
  }

  private func copyPackets() throws(FFmpegError) {
    guard let input = unsafe input, let output = unsafe output,
      let packet = unsafe av_packet_alloc()
    else { throw .noMemory("av_packet_alloc") }
    defer {
      var freeing = unsafe Optional(packet)
      unsafe av_packet_free(&freeing)
    }
    while try flow(unsafe av_read_frame(input, packet), "av_read_frame") == .done {
      let index = unsafe Int(packet.pointee.stream_index)
      guard let from = unsafe input.pointee.streams[index],
        unsafe index < Int(output.pointee.nb_streams),
        let to = unsafe output.pointee.streams[index]
      else { continue }
      unsafe av_packet_rescale_ts(packet, from.pointee.time_base, to.pointee.time_base)
      unsafe packet.pointee.pos = -1
      try check(
        unsafe av_interleaved_write_frame(output, packet), "av_interleaved_write_frame")
    }
    try check(unsafe av_write_trailer(output), "av_write_trailer")
    try check(unsafe avio_closep(&output.pointee.pb), "avio_close")
  }
}
