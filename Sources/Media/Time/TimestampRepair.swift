/// Makes the times of frames strictly increasing, whatever their timestamps are.
///
/// A missing timestamp becomes the previous time plus a frame's duration. When the clock breaks, as
/// in concatenated files, the same offset is added to all following frames, which keeps their
/// spacing; a single stray timestamp doesn't shift the frames after it.
struct TimestampRepair {
  /// How far ahead of what is expected a timestamp is believed, in ticks.
  let limit: Int64
  /// Ticks after which the container's counter starts again at zero, if it does.
  ///
  /// FFmpeg adds a period to what lies before the first timestamp, since it can't tell a counter
  /// that wrapped from one that was set back; here the distance to the previous frame can.
  let period: Int64?
  /// Ticks that a timestamp may be behind the last one and still be passed on as it is.
  let slack: Int64
  /// The number of frames whose timestamp was repaired.
  private(set) var repairs = 0
  /// What is added to timestamps at present.
  private(set) var shift: Int64 = 0
  private var lastShift: Int64 = 0
  private var last: Int64?
  /// Where the clock stood before the last frame, if that frame's timestamp broke it.
  private var beforeBreak: (shift: Int64, last: Int64)?

  init(limit: Int64 = .max, period: Int64? = nil, slack: Int64 = 0) {
    self.limit = limit
    self.slack = slack
    self.period = period.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The time of the next frame, in ticks; a `duration` below one tick counts as one tick.
  ///
  /// `passed` is how many ticks have passed since the last frame on the clock of the machine, for
  /// live sources: a broken clock goes on from there, and so much farther ahead is believed.
  /// `hint` is an offset to be preferred: another stream of the source has it at present.
  mutating func place(
    _ pts: Int64?, duration: Int64, passed: Int64 = 0, hint: Int64? = nil
  ) -> Int64 {
    let time = choose(pts, step: max(1, duration, passed), duration: max(1, duration), hint: hint)
    if !isSame(time, pts) { repairs += 1 }
    last = time
    return time
  }

  /// Makes the next timestamp, at `pts`, follow what came before it.
  mutating func jump(to pts: Int64) {
    guard shift == 0 else { return }
    last = pts.saturatingSubtract(1)
    beforeBreak = nil
  }

  private mutating func choose(
    _ pts: Int64?, step: Int64, duration: Int64, hint: Int64?
  ) -> Int64 {
    guard let last else { return pts ?? 0 }
    let before = beforeBreak
    beforeBreak = nil
    let expected = last.saturatingAdd(duration)
    guard let pts else { return expected }
    let farthest = last.saturatingAdd(step).saturatingAdd(limit)
    func candidate(_ offset: Int64) -> (offset: Int64, time: Int64)? {
      let time = unwrapped(pts.saturatingAdd(offset), near: expected)
      return time > last.saturatingSubtract(slack) && time <= farthest ? (offset, time) : nil
    }
    if let before, hint == nil {
      // The clock goes on from where it was: the last timestamp was a stray one, and the frame may
      // have been given the time of this one.
      let time = unwrapped(pts.saturatingAdd(before.shift), near: expected)
      if time > before.last, time <= farthest {
        change(to: before.shift)
        return max(time, last.saturatingAdd(1))
      }
    }
    let nearest =
      hint.flatMap(candidate)
      ?? [shift, lastShift, 0].compactMap(candidate).min {
        $0.time.distanceClamped(expected) < $1.time.distanceClamped(expected)
      }
    guard let nearest else {
      let time = last.saturatingAdd(step)
      beforeBreak = (shift, last)
      change(to: time.saturatingSubtract(pts))
      return time
    }
    change(to: nearest.offset)
    return nearest.time
  }

  private mutating func change(to offset: Int64) {
    guard offset != shift else { return }
    lastShift = shift
    shift = offset
  }

  /// `time`, or the value a number of periods away that is nearest to `other`.
  private func unwrapped(_ time: Int64, near other: Int64) -> Int64 {
    guard let period else { return time }
    let distance = other.saturatingSubtract(time)
    guard distance.magnitude > UInt64(period / 2) else { return time }
    let rounds = Int64((Double(distance) / Double(period)).rounded())
    let (offset, overflow) = rounds.multipliedReportingOverflow(by: period)
    return overflow ? time : time.saturatingAdd(offset)
  }

  private func isSame(_ time: Int64, _ pts: Int64?) -> Bool {
    guard let pts else { return false }
    if time == pts { return true }
    return period.map { time.saturatingSubtract(pts) % $0 == 0 } ?? false
  }
}

extension ClockLimits {
  func repair(_ timeBase: TimeBase, slack: Double = 0) -> TimestampRepair {
    TimestampRepair(
      limit: timeBase.ticks(ahead),
      period: period,
      slack: timeBase.ticks(slack))
  }
}

extension Int64 {
  /// The sum, clamped to the range of `Int64`: damaged files contain arbitrary timestamps.
  func saturatingAdd(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }

  /// The difference, clamped to the range of `Int64`.
  func saturatingSubtract(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  /// The distance, clamped to the range of `Int64`.
  fileprivate func distanceClamped(_ other: Int64) -> UInt64 {
    saturatingSubtract(other).magnitude
  }
}
