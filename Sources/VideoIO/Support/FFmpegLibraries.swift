import CFFmpeg

/// The FFmpeg that the program runs with.
public enum FFmpegLibraries {
  /// Name and version of each library, as it was loaded.
  public static var versions: [(name: String, version: String)] {
    [
      ("libavformat", avformat_version()), ("libavcodec", avcodec_version()),
      ("libavutil", avutil_version()), ("libswscale", swscale_version()),
    ].map { name, version in
      (name, "\(version >> 16).\(version >> 8 & 255).\(version & 255)")
    }
  }

  /// The release that the libraries belong to, such as `5.1.6-0+deb12u1`.
  public static var release: String { unsafe String(cString: av_version_info()) }

  /// The video codecs that can be written, with the encoder that is used for each.
  public static var encoders: [(codec: String, encoder: String)] {
    EncoderChoice.available.compactMap { codec in
      (try? EncoderChoice(codec: codec, location: "")).map { (codec, $0.name) }
    }
  }
}
