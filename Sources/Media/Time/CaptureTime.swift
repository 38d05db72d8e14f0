package import Foundation

/// When a frame of a live source was taken, and when it reached this machine.
package struct CaptureTime: Hashable, Sendable {
  /// When it was captured: what the sender says, if that is plausible, else when it arrived.
  package let wall: Date
  /// When its packet arrived, on this machine's clock.
  package let arrived: ContinuousClock.Instant
  /// Seconds from the capture to the arrival.
  private let onTheWay: Double

  /// The time of a packet that arrived `age` seconds ago.
  ///
  /// `said` is the sender's time, in seconds since 1970. It comes from a clock that may be set
  /// wrong, so it counts only if it is at most ten seconds before the arrival. If it is after it,
  /// by half a second at most, it is taken for the arrival: good clocks differ by that much.
  package init(
    age: Double = 0, said: Double? = nil, now: ContinuousClock.Instant = .now, date: Date = Date()
  ) {
    let age = max(age, 0)
    let arrival = date.timeIntervalSince1970 - age
    var delay = said.map { arrival - $0 } ?? 0
    if delay < -0.5 || delay > 10 { delay = 0 }
    onTheWay = max(delay, 0)
    arrived = now - .seconds(age)
    wall = Date(timeIntervalSince1970: arrival - onTheWay)
  }

  /// Seconds from the arrival to a moment.
  package func age(at now: ContinuousClock.Instant = .now) -> Double {
    let passed = (now - arrived).components
    return max(Double(passed.seconds) + Double(passed.attoseconds) * 1e-18, 0)
  }

  /// Seconds from the capture to a moment.
  ///
  /// The wall clock may be set meanwhile, so it counts only up to the arrival.
  package func lag(at now: ContinuousClock.Instant = .now) -> Double { onTheWay + age(at: now) }
}
