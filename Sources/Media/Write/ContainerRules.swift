import CFFmpeg

/// What a container takes.
@safe
struct ContainerRules {
  let name: String
  private let format: UnsafePointer<AVOutputFormat>

  /// Finds a container that FFmpeg may have been built without.
  init(muxer: String, location: String) throws(MediaError) {
    guard let format = unsafe av_guess_format(muxer, nil, nil) else {
      throw MediaError(
        "output_format", source: location, message: "This FFmpeg cannot write \(muxer).",
        remedy: "Install a fuller FFmpeg or choose another container.")
    }
    name = muxer
    unsafe self.format = unsafe UnsafePointer(format)
  }

  /// Whether frames may lie at any time, rather than on a fixed grid.
  ///
  /// FFmpeg's own flag is missing from containers that do, such as MP4 in version 5.1.
  var hasVariableRate: Bool { name != "avi" }

  /// Whether streams carry their headers outside the packets.
  var wantsGlobalHeader: Bool { unsafe format.pointee.flags & AVFMT_GLOBALHEADER != 0 }

  /// Whether FFmpeg opens the output by itself.
  var opensItself: Bool { unsafe format.pointee.flags & AVFMT_NOFILE != 0 }

  /// Whether packets carry only decoding times, so that reordered frames would be misplaced.
  var lacksPresentationTimes: Bool { name == "avi" }

  /// Whether the index can be moved to the front, so that playing starts before all is there.
  var canStartFast: Bool { name == "mp4" || name == "mov" }

  /// Whether the container takes video or audio of this codec.
  func takes(_ codec: AVCodecID) -> Bool {
    // These two answer "perhaps" to everything.
    switch name {
    case "webm": return Self.webmCodecs.contains(codec)
    case "mpegts", "rtsp": return Self.transportCodecs.contains(codec)
    default: return unsafe avformat_query_codec(format, codec, FF_COMPLIANCE_NORMAL) == 1
    }
  }

  private static let webmCodecs = [
    AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1, AV_CODEC_ID_OPUS, AV_CODEC_ID_VORBIS,
  ]
  private static let transportCodecs = [
    AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG4, AV_CODEC_ID_MPEG2VIDEO,
    AV_CODEC_ID_AAC, AV_CODEC_ID_AAC_LATM, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3, AV_CODEC_ID_AC3,
    AV_CODEC_ID_EAC3, AV_CODEC_ID_DTS, AV_CODEC_ID_OPUS,
  ]
}
