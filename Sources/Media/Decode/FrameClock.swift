/// Gives each frame its place in time.
struct FrameClock {
  let timeBase: TimeBase
  /// The ticks that a frame lasts where the frame does not say so itself.
  private let usualDuration: Int64
  /// The start of the stream, should reading not begin there.
  private let streamStart: Int64?
  private var repair = TimestampRepair()
  private var origin: Int64?

  init(timeBase: TimeBase, frameRate: Rational?, streamStart: Int64?) {
    self.timeBase = timeBase
    self.streamStart = streamStart
    usualDuration = frameRate.map { max(1, timeBase.ticks(1 / $0.value)) } ?? 1
  }

  /// The number of frames whose time is not their own time stamp.
  var repairs: Int { repair.repairs }

  /// The next frame's time on the stream's clock, and in seconds from the first frame.
  mutating func place(
    _ pts: Int64?, duration: Int64
  ) -> (time: PresentationTime, t: Double) {
    let ticks = repair.place(pts, duration: duration > 0 ? duration : usualDuration)
    let first = origin ?? ticks
    origin = first
    let time = PresentationTime(pts: ticks, timeBase: timeBase)
    return (time, timeBase.seconds(ticks.saturatingSubtract(first)))
  }

  /// The tick at `seconds` from the start of the stream.
  func ticks(at seconds: Double) -> Int64 {
    (origin ?? streamStart ?? 0).saturatingAdd(timeBase.ticks(seconds))
  }

  /// The ticks of `count` usual frames.
  func ticks(ofFrames count: Int) -> Int64 {
    let (ticks, overflow) = usualDuration.multipliedReportingOverflow(by: Int64(count))
    return overflow ? 0 : ticks
  }

  /// Prepares for a jump: seconds go on counting from the start of the stream.
  mutating func jump() {
    origin = origin ?? streamStart ?? 0
    repair.restart()
  }
}
