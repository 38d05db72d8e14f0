/// Tells when the packets of a live source arrived, in seconds of one clock.
///
/// A packet that had to be waited for arrived when it was read. One that was there already arrived
/// some time before: while the stream was probed, while this process was stopped, or in one burst
/// with others, as servers send what they hold since the last keyframe. It gets its own time from
/// its time stamp and from the last packet that was waited for.
struct ArrivalClock {
  /// By how much a packet may be older than it looks, at most.
  static let longest = 10.0

  private var anchor: (stamp: Double, time: Double)?

  /// When a packet that was read `now` arrived; `stamp` is its decoding time stamp in seconds.
  mutating func arrival(stamp: Double?, now: Double, waited: Bool) -> Double {
    guard let stamp else { return now }
    if !waited, let anchor {
      let time = anchor.time + stamp - anchor.stamp
      if time <= now, time >= now - Self.longest { return time }
    }
    anchor = (stamp, now)
    return now
  }

  /// When the packets of the first burst arrived, the last of which was read `now`.
  ///
  /// The last one is new, and the others are older by what their time stamps say.
  mutating func burst(stamps: [Double?], now: Double) -> [Double] {
    guard let last = stamps.last(where: { $0 != nil }) ?? nil else {
      return stamps.map { _ in now }
    }
    anchor = (last, now)
    return stamps.map { stamp in
      guard let stamp, stamp <= last, last - stamp <= Self.longest else { return now }
      return now - (last - stamp)
    }
  }
}
