import CFFmpeg

/// What a container supports.
@safe
struct ContainerRules {
  let name: String
  private let format: UnsafePointer<AVOutputFormat>

  /// Finds a container by the name of its muxer.
  ///
  /// - Throws: `MediaError` "output_format" if FFmpeg was built without the muxer.
  init(muxer: String, location: String) throws(MediaError) {
    guard let format = unsafe av_guess_format(muxer, nil, nil) else {
      throw MediaError(
        "output_format", source: location, message: "This FFmpeg cannot write \(muxer).",
        remedy: "Install an FFmpeg that supports it, or choose another container.")
    }
    name = muxer
    unsafe self.format = unsafe UnsafePointer(format)
  }

  /// Whether frames may have any times, rather than a fixed rate.
  ///
  /// FFmpeg's own flag is missing for containers that allow it, such as MP4 in version 5.1.
  var hasVariableRate: Bool { name != "avi" }

  /// Whether codec headers are stored outside the packets.
  var wantsGlobalHeader: Bool { unsafe format.pointee.flags & AVFMT_GLOBALHEADER != 0 }

  /// Whether FFmpeg opens the output by itself.
  var opensItself: Bool { unsafe format.pointee.flags & AVFMT_NOFILE != 0 }

  /// Whether packets have only decoding times, with which reordered frames would be misplaced.
  var lacksPresentationTimes: Bool { name == "avi" }

  /// Whether a file of it can't be read without an index, which is complete only at the end.
  var needsIndex: Bool { name == "mp4" || name == "mov" }

  /// Options with which such a file is written in fragments, each with an index of its own, so that
  /// all but the last seconds can be read whenever writing stops.
  var fragmentOptions: [(String, String)] {
    // With the description of the streams after their first packets, as codecs and edit lists need.
    needsIndex ? [("movflags", "+frag_custom+delay_moov+default_base_moof")] : []
  }

  /// Whether `takes` answers from a list of ours, because FFmpeg gives no definite answer.
  var hasDefiniteCodecs: Bool { ["webm", "mpegts", "rtsp"].contains(name) }

  /// Whether the container supports video or audio of this codec.
  func takes(_ codec: AVCodecID) -> Bool {
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
