import CFFmpeg

/// Repairs the times of audio packets as those of the frames are repaired.
struct AudioTimes {
  private var repair: TimestampRepair
  private let timeBase: TimeBase

  /// Seconds that sound and picture may be apart by their own offsets before they are kept so.
  private static let tolerance = 0.5

  init(_ limits: ClockLimits, timeBase: TimeBase) {
    repair = limits.repair(timeBase, slack: 1)
    self.timeBase = timeBase
  }

  /// Moves a packet whose clock has broken behind the one before it.
  ///
  /// `videoShift` is what is added to the times of frames at present, in seconds. A packet may come
  /// before the frame that shows the break; once that is known, its offset is used, so that sound
  /// and picture don't drift apart over many breaks.
  mutating func place(_ packet: borrowing PacketBuffer, videoShift: Double) {
    let (pts, dts) = unsafe (packet.raw.pointee.pts, packet.raw.pointee.dts)
    let stamp = dts != SD_NO_PTS ? dts : pts
    guard stamp != SD_NO_PTS else { return }
    let wanted = timeBase.ticks(videoShift)
    let isNear =
      wanted.saturatingSubtract(repair.shift).magnitude < timeBase.ticks(Self.tolerance).magnitude
    let duration = unsafe packet.raw.pointee.duration
    let time = repair.place(stamp, duration: duration, hint: isNear ? wanted : nil)
    let moved = time.saturatingSubtract(stamp)
    guard moved != 0 else { return }
    if pts != SD_NO_PTS { unsafe packet.raw.pointee.pts = pts.saturatingAdd(moved) }
    if dts != SD_NO_PTS { unsafe packet.raw.pointee.dts = dts.saturatingAdd(moved) }
  }
}
