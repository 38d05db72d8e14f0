import CFFmpeg

/// The encoder to use for a codec.
@safe
struct EncoderChoice {
  /// The codec's name, such as `h264`.
  let codec: String
  /// FFmpeg's name for the encoder, such as `libx264`.
  let name: String
  let raw: UnsafePointer<AVCodec>

  var codecID: AVCodecID { unsafe raw.pointee.id }

  /// Whether it requires even sizes, or players expect them.
  var wantsEvenSize: Bool { codec == "h264" || codec == "hevc" || codec == "mpeg4" }

  /// Whether its times count frames: MPEG-4 part 2 has at most 65535 ticks per second.
  var countsFrames: Bool { codec == "mpeg4" }

  /// Whether its pictures have the range and matrix of JPEG files.
  var isJPEG: Bool { codec == "mjpeg" }

  /// Software encoders by codec, the best first.
  private static let encoders: [(codec: String, names: [String])] = [
    ("h264", ["libx264", "libopenh264"]), ("hevc", ["libx265"]), ("mpeg4", ["mpeg4"]),
    ("vp9", ["libvpx-vp9"]), ("mjpeg", ["mjpeg"]), ("ffv1", ["ffv1"]),
  ]

  /// The codecs that this FFmpeg can encode.
  static var available: [String] {
    encoders.map(\.codec).filter { (try? EncoderChoice(codec: $0, location: "")) != nil }
  }

  /// The encoder for a codec's name.
  ///
  /// - Throws: `MediaError` "output_codec" if the name is unknown or this FFmpeg has no encoder.
  init(codec: String, location: String) throws(MediaError) {
    guard let row = Self.encoders.first(where: { $0.codec == codec.lowercased() }) else {
      throw MediaError(
        "output_codec", source: location, message: "\(codec) is not a known video codec.",
        remedy: "Use one of \(Self.available.joined(separator: ", ")).")
    }
    for name in row.names {
      guard let found = unsafe avcodec_find_encoder_by_name(name) else { continue }
      self.codec = row.codec
      self.name = name
      unsafe raw = unsafe found
      return
    }
    throw MediaError(
      "output_codec", source: location, message: "This FFmpeg has no encoder for \(codec).",
      remedy: "Install an FFmpeg with \(row.names[0]), or choose another --video-codec.")
  }
}
