/// Gives each frame its place in time.
struct FrameClock {
  let timeBase: TimeBase
  /// The ticks that a frame lasts where the frame does not say so itself.
  private let usualDuration: Int64
  private var repair = TimestampRepair()
  private var origin: Int64?

  init(timeBase: TimeBase, frameRate: Rational?) {
    self.timeBase = timeBase
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
}
