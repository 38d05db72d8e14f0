/// What kind of source it is, which decides how it is read.
public enum SourceKind: String, Sendable, Codable {
  /// It has an end and waits for its reader.
  case file
  /// It goes on whether or not anyone reads it.
  case live
  /// One still picture.
  case image
}

/// What is known about a source's video before its frames are decoded.
public struct StreamInfo: Sendable, Hashable {
  /// What kind of source it is.
  public var kind: SourceKind
  /// The width as shown, in pixels.
  public var width: Int
  /// The height as shown, in pixels.
  public var height: Int
  /// The width as stored, in pixels.
  public var codedWidth: Int
  /// The height as stored, in pixels.
  public var codedHeight: Int
  /// Degrees clockwise that the stored picture is turned to be shown: 0, 90, 180 or 270.
  public var rotation: Int
  /// Width over height of one pixel where pixels are not square; frames are not stretched for it.
  public var pixelAspect: Rational?
  /// FFmpeg's name of the codec, such as `h264`.
  public var codec: String
  /// FFmpeg's name of the pixel format, such as `yuv420p`.
  public var pixelFormat: String
  /// The tick of the frames' time stamps.
  public var timeBase: TimeBase
  /// Frames a second on average, if known.
  public var averageFrameRate: Rational?
  /// Seconds, if known.
  public var duration: Double?
  /// Bits a second of the whole source, if known.
  public var bitRate: Int?
  /// The number of frames, if the container tells or rate and duration do.
  public var frameCountEstimate: Int?
  /// Whether the transfer is PQ or HLG; the colours are converted by their matrix only.
  public var isHDR: Bool
  /// FFmpeg's name of the matrix, or `unknown`.
  public var colorSpace: String
  /// FFmpeg's name of the transfer, or `unknown`.
  public var transfer: String
  /// FFmpeg's name of the primaries, or `unknown`.
  public var primaries: String
  /// FFmpeg's name of the range: `tv`, `pc` or `unknown`.
  public var range: String
  /// Whether there is an audio stream.
  public var hasAudio: Bool
  /// FFmpeg's name of the container.
  public var formatName: String
}
