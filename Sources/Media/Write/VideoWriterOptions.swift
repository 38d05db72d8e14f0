/// How a video is written.
public struct VideoWriterOptions: Sendable {
  /// `h264`, `hevc`, `mpeg4`, `vp9`, `mjpeg` or `ffv1`; nil is H.264, or what the container takes.
  public var codec: String?
  /// Quality: 0 (best) to 51, of VP9 to 63; nil is the codec's usual.
  public var crf: Double?
  /// Threads of the encoder; 0 leaves it to the encoder.
  public var threads = 0
  /// The tick of the frames' times, kept where the container can.
  public var timeBase: TimeBase
  /// Frames a second, for rate control and for containers with a fixed grid.
  public var frameRate: Rational?
  /// The audio stream whose packets will be copied; nil writes no audio.
  public var audio: AudioParameters?
  /// Seconds that a network may block one write.
  public var writeTimeout = 10.0

  /// Makes options for frames with times in ticks of `timeBase`.
  public init(timeBase: TimeBase, frameRate: Rational? = nil, audio: AudioParameters? = nil) {
    self.timeBase = timeBase
    self.frameRate = frameRate
    self.audio = audio
  }

  /// `frameRate`, unless it is unknown or a damaged file made it up.
  var plausibleFrameRate: Rational {
    guard let frameRate, frameRate.value >= 0.01, frameRate.value <= 1000 else {
      return Rational(25, 1)
    }
    return frameRate
  }

  /// `timeBase`, unless its ticks are longer than a frame and would move frames.
  var plausibleTimeBase: TimeBase {
    timeBase.seconds(1) * plausibleFrameRate.value > 1.5 ? TimeBase(1, 90_000) : timeBase
  }
}
