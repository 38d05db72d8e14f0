/// Tells when the packets of a live source arrived, in seconds of one clock.
///
/// A packet that had to be waited for arrived when it was read. One that was there already arrived
/// some time before: while the stream was probed, while this process was stopped, or in one burst
/// with others, as servers send what they hold since the last keyframe. It gets its own time from
/// its time stamp and from the last packet that was waited for, after which it came in any case.
struct ArrivalClock {
  /// By how much a packet of the first burst may be older than it looks, at most.
  static let longest = 10.0

  /// A packet that took longer than this to come, in seconds, had to be waited for.
  static let immediate = 0.003
  /// By how many seconds a packet may be late for other reasons than having waited for us.
  private static let jitter = 0.25

  private var anchor: (stamp: Double, time: Double)?

  /// When a packet that was read `now` arrived; `stamp` is its decoding time stamp in seconds.
  ///
  /// Reading it took `waited` seconds. On a busy machine that may be some time even if it was there
  /// already; so one that is much older by its time stamp was there.
  mutating func arrival(stamp: Double?, now: Double, waited: Double) -> Double {
    guard let stamp else { return now }
    if let anchor {
      let time = anchor.time + stamp - anchor.stamp
      let wasThere =
        waited <= Self.immediate || now - time > max(Self.jitter, 2 * waited)
      // However long ago that is: what a pause of an hour has left in the buffers is that old.
      if wasThere, time <= now, time >= anchor.time { return time }
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
