/// Maps the timestamps of one source stream to those of its output: the first picture is at 0, and
/// each timestamp is greater than the last.
///
/// A timestamp that repeats or goes back a little is placed one tick after the last. After one that
/// jumps back farther, it and all that follow continue from the last, with their spacing kept.
struct StreamClock {
  /// The source's timestamp that becomes 0.
  let origin: Int64
  /// Ticks from the last frame before a jump to the first one after it.
  let step: Int64
  /// Ticks that a timestamp may go back before it counts as a jump.
  let tolerance: Int64
  private var shift: Int64 = 0
  private var last: Int64?

  init(origin: Int64, step: Int64, tolerance: Int64) {
    self.origin = origin
    self.step = max(1, step)
    self.tolerance = tolerance
  }

  /// The output's timestamp for the source's timestamp `ticks`.
  mutating func place(_ ticks: Int64) -> Int64 {
    let wanted = ticks.clampedDifference(origin).clampedDifference(shift)
    guard let last, wanted <= last else {
      last = wanted
      return wanted
    }
    let isJump = last.clampedDifference(wanted) > tolerance
    let placed = last.saturatingAdd(isJump ? step : 1)
    if isJump { shift = ticks.clampedDifference(origin).clampedDifference(placed) }
    self.last = placed
    return placed
  }
}

extension Int64 {
  /// `self - other`, clamped far enough inside 64 bits for a muxer's own arithmetic.
  func clampedDifference(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    let farthest: Int64 = 1 << 60
    guard !overflow else { return self < other ? -farthest : farthest }
    return Swift.min(Swift.max(difference, -farthest), farthest)
  }
}
