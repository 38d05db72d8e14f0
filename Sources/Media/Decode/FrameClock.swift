/// Assigns each frame its presentation time.
struct FrameClock {
  let timeBase: TimeBase
  /// The duration, in ticks, of a frame that carries none.
  private let nominalDuration: Int64
  /// The stream's start time, needed if reading doesn't begin there.
  private let streamStart: Int64?
  private var repair = TimestampRepair()
  private var origin: Int64?

  init(timeBase: TimeBase, frameRate: Rational?, streamStart: Int64?) {
    self.timeBase = timeBase
    self.streamStart = streamStart
    nominalDuration = frameRate.map { max(1, timeBase.ticks(1 / $0.value)) } ?? 1
  }

  /// The number of frames whose timestamp was repaired.
  var repairs: Int { repair.repairs }

  /// The next frame's time on the stream's clock, and in seconds from the first frame.
  mutating func place(
    _ pts: Int64?, duration: Int64
  ) -> (time: PresentationTime, t: Double) {
    let ticks = repair.place(pts, duration: duration > 0 ? duration : nominalDuration)
    let first = origin ?? ticks
    origin = first
    let time = PresentationTime(pts: ticks, timeBase: timeBase)
    return (time, timeBase.seconds(ticks.saturatingSubtract(first)))
  }

  /// The tick at `seconds` from the start of the stream.
  func ticks(at seconds: Double) -> Int64 {
    (origin ?? streamStart ?? 0).saturatingAdd(timeBase.ticks(seconds))
  }

  /// The duration of `count` frames of nominal duration, in ticks.
  func ticks(ofFrames count: Int) -> Int64 {
    let (ticks, overflow) = nominalDuration.multipliedReportingOverflow(by: Int64(count))
    return overflow ? 0 : ticks
  }

  /// Prepares for a seek: seconds still count from the start of the stream.
  mutating func jump() {
    origin = origin ?? streamStart ?? 0
    repair.restart()
  }
}
