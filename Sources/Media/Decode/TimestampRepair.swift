/// Makes the times of frames strictly increasing, whatever their timestamps are.
///
/// A missing timestamp becomes the previous time plus a frame's duration. When timestamps jump
/// back, as in concatenated files, the same offset is added to all following frames, which keeps
/// their spacing; a single stray timestamp doesn't shift the frames after it.
struct TimestampRepair {
  /// The number of frames whose timestamp was repaired.
  private(set) var repairs = 0
  private var last: Int64?
  private var shift: Int64 = 0

  /// The time of the next frame, in ticks; a `duration` below one tick counts as one tick.
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
