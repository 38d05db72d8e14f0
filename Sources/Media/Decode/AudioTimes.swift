import CFFmpeg

/// Repairs the times of audio packets as those of the frames are repaired.
struct AudioTimes {
  private var repair: SoundRepair

  init(_ limits: ClockLimits, timeBase: TimeBase) {
    repair = SoundRepair(limits, timeBase: timeBase)
  }

  /// Moves a packet whose clock has broken behind the one before it; `videoShift` is what is added
  /// to the times of frames at present, in seconds.
  mutating func place(_ packet: borrowing PacketBuffer, videoShift: Double) {
    let (pts, dts) = unsafe (packet.raw.pointee.pts, packet.raw.pointee.dts)
    let stamp = dts != SD_NO_PTS ? dts : pts
    guard stamp != SD_NO_PTS else { return }
    let duration = unsafe packet.raw.pointee.duration
    let time = repair.place(stamp, duration: duration, videoShift: videoShift)
    let moved = time.saturatingSubtract(stamp)
    guard moved != 0 else { return }
    if pts != SD_NO_PTS { unsafe packet.raw.pointee.pts = pts.saturatingAdd(moved) }
    if dts != SD_NO_PTS { unsafe packet.raw.pointee.dts = dts.saturatingAdd(moved) }
  }
}
