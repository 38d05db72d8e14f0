/// How a video is written.
public struct VideoWriterOptions: Sendable {
  /// `h264`, `hevc`, `mpeg4`, `vp9`, `mjpeg` or `ffv1`; nil selects `h264`, or `vp9` if the
  /// container does not support it.
  public var codec: String?
  /// Quality: 0 (best) to 51, or to 63 for VP9; nil selects a default for the codec.
  public var crf: Double?
  /// Threads of the encoder; 0 lets the encoder choose.
  public var threads = 0
  /// The time base of the frames' times, kept if the container supports it.
  public var timeBase: TimeBase
  /// Frames per second, for rate control and for containers with a fixed rate.
  public var frameRate: Rational?
  /// The audio stream whose packets will be copied; nil writes no audio.
  public var audio: AudioParameters?
  /// Seconds that one write to a network may block.
  public var writeTimeout = 10.0

  /// Makes options for frames with times in ticks of `timeBase`.
  public init(timeBase: TimeBase, frameRate: Rational? = nil, audio: AudioParameters? = nil) {
    self.timeBase = timeBase
    self.frameRate = frameRate
    self.audio = audio
  }

  /// `frameRate`, or 25 if it is unknown or implausible, as in damaged files.
  var plausibleFrameRate: Rational {
    guard let frameRate, frameRate.value >= 0.01, frameRate.value <= 1000 else {
      return Rational(25, 1)
    }
    return frameRate
  }

  /// `timeBase`, or 1/90000 if its ticks are longer than a frame and would move frames.
  var plausibleTimeBase: TimeBase {
    timeBase.seconds(1) * plausibleFrameRate.value > 1.5 ? TimeBase(1, 90_000) : timeBase
  }
}
