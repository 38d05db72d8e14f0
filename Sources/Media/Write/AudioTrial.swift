import CFFmpeg

/// Tries whether a container takes an audio stream, in memory, before the video depends on it.
///
/// FFmpeg's table of codecs doesn't know the rates and the headers that its muxers refuse.
enum AudioTrial {
  /// Why `audio` can't be copied into the container, in words; `nil` if it can.
  static func refusal(of audio: AudioParameters, by rules: ContainerRules) -> String? {
    if rules.hasDefiniteCodecs {
      return rules.takes(audio.codecID) ? nil : "it has no place for this codec"
    }
    // Matroska's table leaves out what it stores with the tags of Windows, such as G.711.
    if rules.name != "matroska", !rules.takes(audio.codecID) {
      return "it has no place for this codec"
    }
    do {
      try writeHeader(audio, rules)
      return nil
    } catch {
      return error.reason
    }
  }

  private static func writeHeader(
    _ audio: AudioParameters, _ rules: ContainerRules
  ) throws(FFmpegError) {
    var made: UnsafeMutablePointer<AVFormatContext>?
    unsafe avformat_alloc_output_context2(&made, nil, rules.name, nil)
    guard let context = unsafe made else { throw .noMemory("avformat_alloc_output_context2") }
    defer { unsafe avformat_free_context(context) }
    guard let stream = unsafe avformat_new_stream(context, nil) else {
      throw .noMemory("avformat_new_stream")
    }
    try unsafe audio.describe(stream)
    unsafe context.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
    try check(unsafe avio_open_dyn_buf(&context.pointee.pb), "avio_open_dyn_buf")
    var options: OpaquePointer?
    for (key, value) in rules.fragmentOptions { unsafe av_dict_set(&options, key, value, 0) }
    let result = unsafe avformat_write_header(context, &options)
    unsafe av_dict_free(&options)
    var bytes: UnsafeMutablePointer<UInt8>?
    _ = unsafe avio_close_dyn_buf(context.pointee.pb, &bytes)
    unsafe av_free(bytes)
    unsafe context.pointee.pb = nil
    try check(result, "avformat_write_header")
  }
}

extension AudioParameters {
  /// Describes a stream whose packets will be copies of this one's.
  func describe(_ stream: UnsafeMutablePointer<AVStream>) throws(FFmpegError) {
    try check(
      unsafe avcodec_parameters_copy(stream.pointee.codecpar, raw), "avcodec_parameters_copy")
    // The tag belongs to the source's container; the muxer chooses its own.
    unsafe stream.pointee.codecpar.pointee.codec_tag = 0
    unsafe stream.pointee.time_base = timeBase.raw
  }
}
