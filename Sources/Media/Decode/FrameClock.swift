/// Assigns each frame its presentation time.
struct FrameClock {
  let timeBase: TimeBase
  /// The duration, in ticks, of a frame that carries none.
  private let nominalDuration: Int64
  private var repair = TimestampRepair()
  private var origin: Int64?

  init(timeBase: TimeBase, frameRate: Rational?) {
    self.timeBase = timeBase
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
}
