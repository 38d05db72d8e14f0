import CFFmpeg
internal import CFFmpegLate

/// The FFmpeg that the program runs with.
public enum FFmpegLibraries {
  /// Begins to load the libraries on another thread.
  ///
  /// Without this the first call of one of their functions does, and waits. Returns at once.
  public static func startLoading() { sd_late_begin() }

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
