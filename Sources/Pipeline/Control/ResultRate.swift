/// How many results come in a second, over the last few seconds.
struct ResultRate: Sendable {
  /// Over how many seconds it is measured, at least.
  private static let window = 3.0
  /// How long the last rate stands without a new result: so many seconds, and so many times the
  /// usual time between two results.
  private static let patience = (seconds: 6.0, intervals: 5.0)

  private var began: Double
  private var total = 0
  /// Where the measuring began.
  private var start: (time: Double, total: Int)
  private var measured: Double?
  private var last: Double?

  /// Starts to measure at a time in seconds.
  init(now: Double) {
    began = now
    start = (now, 0)
  }

  /// Counts a result.
  mutating func add(now: Double) {
    // What came before a silence is no part of the rate after it.
    if last != nil, isSilent(now: now) { restart(now: now) }
    total += 1
    last = now
    let seconds = now - start.time
    guard seconds >= Self.window else { return }
    measured = Double(total - start.total) / seconds
    start = (now, total)
  }

  /// Measures anew, as after an outage.
  mutating func restart(now: Double) {
    (start, began) = ((now, total), now)
    (measured, last) = (nil, nil)
  }

  /// Results per second; 0 once no result has come for too long.
  func perSecond(now: Double) -> Double {
    isSilent(now: now) ? 0 : usual(now: now)
  }

  private func usual(now: Double) -> Double {
    measured ?? (now > began ? Double(total - start.total) / (now - began) : 0)
  }

  private func isSilent(now: Double) -> Bool {
    guard let last else { return false }
    let rate = usual(now: last)
    let interval = rate > 0 ? 1 / rate : 0
    return now - last >= max(Self.patience.seconds, Self.patience.intervals * interval)
  }
}
