import CFFmpeg

/// The FFmpeg libraries that the program runs with.
public enum FFmpegLibraries {
  /// Name and version of each linked library, as found at run time.
  public static var versions: [(name: String, version: String)] {
    [
      ("libavformat", avformat_version()), ("libavcodec", avcodec_version()),
      ("libavutil", avutil_version()), ("libswscale", swscale_version()),
    ].map { ($0, versionText($1)) }
  }

  /// The release that the libraries belong to, such as `5.1.6-0+deb12u1`.
  public static var release: String { unsafe String(cString: av_version_info()) }

  /// Loads the library that cameras need, and returns its version, such as `59.7.100`.
  ///
  /// - Throws: `MediaError` with the code `device_library_missing`.
  public static func deviceLibraryVersion() throws(MediaError) -> String {
    try DeviceLibrary.standard.load(for: "").version
  }

  /// The video codecs that can be encoded, with the encoder used for each.
  public static var encoders: [(codec: String, encoder: String)] {
    EncoderChoice.available.compactMap { codec in
      (try? EncoderChoice(codec: codec, location: "")).map { (codec, $0.name) }
    }
  }
}
