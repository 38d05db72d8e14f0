import CFFmpeg

/// What a muxer needs to know to copy an audio stream.
///
/// Wraps `AVCodecParameters`.
@safe
public final class AudioParameters: @unchecked Sendable {
  // Sendable because nothing changes the parameters after `init`.
  let raw: UnsafeMutablePointer<AVCodecParameters>

  /// The time base of the audio packets' times.
  public let timeBase: TimeBase

  /// Copies the parameters of `stream`.
  init(stream: UnsafeMutablePointer<AVStream>) throws(FFmpegError) {
    guard let raw = unsafe avcodec_parameters_alloc() else {
      throw .noMemory("avcodec_parameters_alloc")
    }
    unsafe self.raw = raw
    timeBase = unsafe TimeBase(stream.pointee.time_base)
    try check(
      unsafe avcodec_parameters_copy(raw, stream.pointee.codecpar), "avcodec_parameters_copy")
  }

  deinit {
    var freeing: UnsafeMutablePointer<AVCodecParameters>? = unsafe raw
    unsafe avcodec_parameters_free(&freeing)
  }

  /// The codec's short name, such as `aac`.
  public var codec: String { unsafe String(cString: avcodec_get_name(raw.pointee.codec_id)) }
  /// Samples per second.
  public var sampleRate: Int { unsafe Int(raw.pointee.sample_rate) }
  /// The number of channels.
  public var channels: Int { unsafe Int(sd_parameters_channels(raw)) }
}
