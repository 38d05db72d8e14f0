import CFFmpeg

/// What the bytes of one coded picture say that FFmpeg's decoders don't.
struct PictureBytes {
  /// How the picture is turned for display, if it says so.
  private(set) var orientation: Orientation?
  /// How the picture is stored, as the end of a sentence, and what to do, if FFmpeg can't read it.
  private(set) var refusal: (kind: String, remedy: String)?

  /// How the bytes are arranged.
  enum Format: CaseIterable {
    case png
    case tiff
    case webp
    /// The chunks of a PNG file without its signature.
    case pngChunks

    /// The format of a codec's packets; `nil` for codecs that need no help.
    init?(_ codec: AVCodecID) {
      switch codec {
      case AV_CODEC_ID_PNG: self = .png
      case AV_CODEC_ID_TIFF: self = .tiff
      case AV_CODEC_ID_WEBP: self = .webp
      default: return nil
      }
    }
  }

  /// Reads a picture.
  init(_ source: some ByteSource, format: Format) {
    switch format {
    case .tiff:
      let directory = TIFFDirectory(source)
      orientation = directory?.orientation
      if let layout = directory?.unsupportedLayout {
        refusal = ("a TIFF picture stored \(layout)", PictureRemedy.tiff)
      }
    case .png: readPNG(source, from: 8)
    case .pngChunks: readPNG(source, from: 0)
    case .webp: readWebP(source)
    }
  }

  /// ISO/IEC 15948: chunks of length, type, data and checksum; `eXIf` may stand anywhere.
  private mutating func readPNG(_ source: some ByteSource, from start: Int) {
    var offset = start
    while let length = source.integer(at: offset, count: 4) {
      let type = source.bytes(at: offset + 4, count: 4)
      if type.elementsEqual("eXIf".utf8) { return readExif(source, at: offset + 8) }
      offset += 12 + length
    }
  }

  /// RFC 9649: chunks of type, length and data, padded to an even length.
  private mutating func readWebP(_ source: some ByteSource) {
    var offset = 12
    var hasExif = false
    while let length = source.integer(at: offset + 4, count: 4, isLittleEndian: true) {
      let type = source.bytes(at: offset, count: 4)
      // Only the first counts; each may refer to the same long directory.
      if type.elementsEqual("EXIF".utf8), !hasExif {
        hasExif = true
        readExif(source, at: offset + 8)
      }
      if type.elementsEqual("ANIM".utf8) {
        refusal = ("an animated WebP picture", PictureRemedy.animatedWebP)
      }
      offset += 8 + length + length % 2
    }
  }

  private mutating func readExif(_ source: some ByteSource, at offset: Int) {
    let hasName = source.bytes(at: offset, count: 4).elementsEqual("Exif".utf8)
    orientation = TIFFDirectory(source.from(offset + (hasName ? 6 : 0)))?.orientation
  }
}

extension MediaError {
  /// The error for a picture that FFmpeg can't read, or reads wrongly.
  static func unsupported(picture kind: String, remedy: String, source: String) -> MediaError {
    MediaError(
      .unsupportedPicture, source: source,
      message: "It is \(kind), which FFmpeg \(PictureSupport.release) cannot decode.",
      remedy: remedy)
  }
}

extension MediaError.Code {
  /// FFmpeg can't read this kind of still picture.
  public static let unsupportedPicture: Self = "unsupported_picture"
}
