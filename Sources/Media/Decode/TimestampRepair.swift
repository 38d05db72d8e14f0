/// Makes the times of frames rise, whatever their time stamps do.
///
/// A missing time stamp becomes the time before it plus the frame's duration. After a jump back, as
/// where files were joined, the same shift is kept for the frames that follow, so that their
/// distances stay as they were; a single stray time stamp shifts nothing after it.
struct TimestampRepair {
  /// The number of frames whose time is not their own time stamp.
  private(set) var repairs = 0
  private var last: Int64?
  private var shift: Int64 = 0

  /// The time of the next frame, in ticks; `duration` is that of a frame, at least one tick.
  mutating func place(_ pts: Int64?, duration: Int64) -> Int64 {
    let time = choose(pts, duration: max(1, duration))
    if time != pts { repairs += 1 }
    last = time
    return time
  }

  private mutating func choose(_ pts: Int64?, duration: Int64) -> Int64 {
    guard let last else { return pts ?? 0 }
    let expected = last.saturatingAdd(duration)
    guard let pts else { return expected }
    let shifted = pts.saturatingAdd(shift)
    let candidates = [shifted, pts].filter { $0 > last }
    guard
      let nearest = candidates.min(by: {
        $0.distanceClamped(expected) < $1.distanceClamped(expected)
      })
    else {
      shift = expected.saturatingSubtract(pts)
      return expected
    }
    if nearest == pts { shift = 0 }
    return nearest
  }
}

extension Int64 {
  /// The sum, held at the ends of the range: time stamps of damaged files may lie anywhere.
  func saturatingAdd(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other > 0 ? .max : .min) : sum
  }

  /// The difference, held at the ends of the range.
  func saturatingSubtract(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other < 0 ? .max : .min) : difference
  }

  /// The distance, held at the end of the range.
  fileprivate func distanceClamped(_ other: Int64) -> UInt64 {
    saturatingSubtract(other).magnitude
  }
}
