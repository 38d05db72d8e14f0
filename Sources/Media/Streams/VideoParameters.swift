import CFFmpeg

/// What a muxer needs to know to copy a video stream.
///
/// Wraps `AVCodecParameters`.
@safe
package final class VideoParameters: @unchecked Sendable {
  // Sendable because nothing changes the parameters after `init`.
  let raw: UnsafeMutablePointer<AVCodecParameters>
  /// The time base of the packets' times.
  package let timeBase: TimeBase
  /// Frames per second on average, if known.
  package let frameRate: Rational?
  /// Width over height of a pixel; 0/1 if unknown.
  let pixelAspect: AVRational

  /// Copies the parameters of `stream`, whose packets get times in ticks of `timeBase`.
  init(
    stream: UnsafeMutablePointer<AVStream>, timeBase: TimeBase
  ) throws(FFmpegError) {
    unsafe raw = try Self.copy(of: stream.pointee.codecpar)
    self.timeBase = timeBase
    frameRate = unsafe Rational(stream.pointee.avg_frame_rate)
    pixelAspect = unsafe stream.pointee.sample_aspect_ratio
  }

  /// Copies `other`, with other headers of the codec.
  init(_ other: VideoParameters, header: [UInt8]) throws(FFmpegError) {
    unsafe raw = try Self.copy(of: other.raw)
    timeBase = other.timeBase
    frameRate = other.frameRate
    pixelAspect = other.pixelAspect
    let padded = header.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)
    guard let count = Int32(exactly: header.count), let bytes = unsafe av_mallocz(padded) else {
      throw .noMemory("av_mallocz")
    }
    unsafe header.withUnsafeBytes { header in
      guard let start = header.baseAddress else { return }
      unsafe bytes.copyMemory(from: start, byteCount: header.count)
    }
    unsafe av_free(raw.pointee.extradata)
    unsafe raw.pointee.extradata = unsafe bytes.assumingMemoryBound(to: UInt8.self)
    unsafe raw.pointee.extradata_size = count
  }

  private static func copy(
    of parameters: UnsafePointer<AVCodecParameters>
  ) throws(FFmpegError) -> UnsafeMutablePointer<AVCodecParameters> {
    guard let made = unsafe avcodec_parameters_alloc() else {
      throw .noMemory("avcodec_parameters_alloc")
    }
    do {
      try check(unsafe avcodec_parameters_copy(made, parameters), "avcodec_parameters_copy")
    } catch {
      var freeing = unsafe Optional(made)
      unsafe avcodec_parameters_free(&freeing)
      throw error
    }
    return unsafe made
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVCodecParameters>? = unsafe raw
    unsafe avcodec_parameters_free(&freeing)
  }

  /// The codec's short name, such as `h264`.
  package var codec: String { unsafe String(cString: avcodec_get_name(raw.pointee.codec_id)) }

  /// The headers of the codec, outside of its packets.
  var header: [UInt8] {
    guard let bytes = unsafe raw.pointee.extradata else { return [] }
    return unsafe Array(
      UnsafeBufferPointer(start: bytes, count: max(0, Int(raw.pointee.extradata_size))))
  }

  /// Describes a stream whose packets will be copies of this one's.
  func describe(_ stream: UnsafeMutablePointer<AVStream>) throws(FFmpegError) {
    try check(
      unsafe avcodec_parameters_copy(stream.pointee.codecpar, raw), "avcodec_parameters_copy")
    // The tag belongs to the source's container; the muxer chooses its own.
    unsafe stream.pointee.codecpar.pointee.codec_tag = 0
    unsafe stream.pointee.time_base = timeBase.raw
    unsafe stream.pointee.sample_aspect_ratio = pixelAspect
    guard let frameRate else { return }
    unsafe stream.pointee.avg_frame_rate = frameRate.raw
    unsafe stream.pointee.r_frame_rate = frameRate.raw
  }
}
