/// Assigns each frame its presentation time.
struct FrameClock {
  let timeBase: TimeBase
  /// The duration, in ticks, of a frame that carries none.
  private let nominalDuration: Int64
  private var repair: TimestampRepair
  private var origin: Int64?
  private var lastArrival: ContinuousClock.Instant?

  init(timeBase: TimeBase, frameRate: Rational?, limits: ClockLimits = ClockLimits()) {
    self.timeBase = timeBase
    nominalDuration = frameRate.map { max(1, timeBase.ticks(1 / $0.value)) } ?? 1
    repair = limits.repair(timeBase)
  }

  /// The number of frames whose timestamp was repaired.
  var repairs: Int { repair.repairs }

  /// What is added to timestamps at present, in seconds.
  var shift: Double { timeBase.seconds(repair.shift) }

  /// The time of the first frame on the stream's clock, in ticks; `nil` before it.
  var firstTicks: Int64? { origin }

  /// Goes on with a frame at `pts`, without those before it.
  mutating func jump(to pts: Int64) { repair.jump(to: pts) }

  /// The next frame's time on the stream's clock, and in seconds from the first frame.
  ///
  /// `arrival` is when it arrived, if the source is live.
  mutating func place(
    _ pts: Int64?, duration: Int64, arrival: ContinuousClock.Instant? = nil
  ) -> (time: PresentationTime, t: Double) {
    var passed: Int64 = 0
    if let arrival {
      passed = lastArrival.map { timeBase.ticks(max(0, $0.duration(to: arrival).seconds)) } ?? 0
      lastArrival = arrival
    }
    let ticks = repair.place(
      pts, duration: duration > 0 ? duration : nominalDuration, passed: passed)
    let first = origin ?? ticks
    origin = first
    let time = PresentationTime(pts: ticks, timeBase: timeBase)
    return (time, timeBase.seconds(ticks.saturatingSubtract(first)))
  }
}

extension Duration {
  fileprivate var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
