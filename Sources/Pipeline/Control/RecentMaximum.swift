/// The greatest of the values of the last few seconds.
struct RecentMaximum: Sendable {
  /// How many seconds back, in two halves: the present one and the one before.
  private static let half = 2.5

  private var present: (half: Double, value: Double)?
  private var previous: (half: Double, value: Double)?

  /// Adds a value at a time in seconds.
  mutating func add(_ value: Double, now: Double) {
    let half = (now / Self.half).rounded(.down)
    if let last = present, last.half == half {
      present = (half, max(last.value, value))
    } else {
      previous = present
      present = (half, value)
    }
  }

  /// The greatest value; `nil` if there was none.
  func value(now: Double) -> Double? {
    let half = (now / Self.half).rounded(.down)
    return [present, previous].compactMap { $0 }.filter { half - $0.half <= 1 }.map(\.value).max()
  }
}
