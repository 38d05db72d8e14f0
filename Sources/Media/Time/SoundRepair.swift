/// Repairs the times of sound as those of the pictures beside it are repaired.
struct SoundRepair {
  private var repair: TimestampRepair
  private let timeBase: TimeBase

  /// Seconds that sound and picture may be apart by their own offsets before they are kept so.
  private static let tolerance = 0.5

  init(_ limits: ClockLimits, timeBase: TimeBase) {
    repair = limits.repair(timeBase, slack: 1)
    self.timeBase = timeBase
  }

  /// The time of a packet, behind that of the one before it if its clock has broken, in ticks.
  ///
  /// `videoShift` is what is added to the times of pictures at present, in seconds. A packet may
  /// come before the picture that shows the break; once that is known, its offset is used, so that
  /// sound and picture don't drift apart over many breaks.
  mutating func place(_ stamp: Int64?, duration: Int64, videoShift: Double) -> Int64 {
    let wanted = timeBase.ticks(videoShift)
    let isNear =
      wanted.saturatingSubtract(repair.shift).magnitude < timeBase.ticks(Self.tolerance).magnitude
    return repair.place(stamp, duration: duration, hint: isNear ? wanted : nil)
  }
}
