/// Moves the time stamps of one stream to where its output has them: the first picture at 0, each
/// stamp above the last.
///
/// A stamp that repeats or slips back a little lands one tick after the last. One that jumps back
/// farther starts a new stretch: it and all after it follow the last one with their spacing kept.
struct StreamClock {
  /// The tick of the source that becomes 0.
  let origin: Int64
  /// Ticks from one frame to the next, where a new stretch begins.
  let step: Int64
  /// Ticks that a stamp may slip back before it counts as a jump.
  let tolerance: Int64
  private var shift: Int64 = 0
  private var last: Int64?

  init(origin: Int64, step: Int64, tolerance: Int64) {
    self.origin = origin
    self.step = max(1, step)
    self.tolerance = tolerance
  }

  /// The output's stamp for the source's stamp `ticks`.
  mutating func place(_ ticks: Int64) -> Int64 {
    let wanted = ticks.clampedDifference(origin).clampedDifference(shift)
    guard let last, wanted <= last else {
      last = wanted
      return wanted
    }
    let isJump = last.clampedDifference(wanted) > tolerance
    let placed = last + (isJump ? step : 1)
    if isJump { shift = ticks.clampedDifference(origin).clampedDifference(placed) }
    self.last = placed
    return placed
  }
}

extension Int64 {
  /// `self - other`, held far enough inside 64 bits that a muxer can count on.
  func clampedDifference(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    let farthest: Int64 = 1 << 60
    guard !overflow else { return self < other ? -farthest : farthest }
    return Swift.min(Swift.max(difference, -farthest), farthest)
  }
}
