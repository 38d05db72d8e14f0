/// The kind of a source, which decides how it is read.
public enum SourceKind: String, Sendable, Codable {
  /// It has an end and can be read at any speed.
  case file
  /// It keeps going even if it isn't read.
  case live
  /// One still picture.
  case image
}

/// What is known about a source's video before its frames are decoded.
public struct StreamInfo: Sendable, Hashable {
  /// What kind of source it is.
  public var kind: SourceKind
  /// The width as displayed, in pixels.
  public var width: Int
  /// The height as displayed, in pixels.
  public var height: Int
  /// The width as stored, in pixels.
  public var codedWidth: Int
  /// The height as stored, in pixels.
  public var codedHeight: Int
  /// The clockwise rotation of the stored picture for display, in degrees: 0, 90, 180 or 270.
  public var rotation: Int
  /// Width over height of one pixel, if pixels aren't square; frames aren't stretched for it.
  public var pixelAspect: Rational?
  /// FFmpeg's name for the codec, such as `h264`.
  public var codec: String
  /// FFmpeg's name for the pixel format, such as `yuv420p`.
  public var pixelFormat: String
  /// The time base of the frames' timestamps.
  public var timeBase: TimeBase
  /// Frames per second on average, if known.
  public var averageFrameRate: Rational?
  /// The duration in seconds, if known.
  public var duration: Double?
  /// Bits per second of the whole source, if known.
  public var bitRate: Int?
  /// The number of frames, from the container or else estimated from rate and duration.
  public var frameCountEstimate: Int?
  /// Whether the transfer function is PQ or HLG, which colour conversion ignores.
  public var isHDR: Bool
  /// FFmpeg's name for the matrix, or `unknown`.
  public var colorSpace: String
  /// FFmpeg's name for the transfer function, or `unknown`.
  public var transfer: String
  /// FFmpeg's name for the primaries, or `unknown`.
  public var primaries: String
  /// FFmpeg's name for the range: `tv`, `pc` or `unknown`.
  public var range: String
  /// Whether there is an audio stream.
  public var hasAudio: Bool
  /// FFmpeg's name for the container.
  public var formatName: String
}
