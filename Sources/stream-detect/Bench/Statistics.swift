/// Times of the same work, repeated.
struct Samples {
  private var sorted: [Double]

  /// Keeps the times, in seconds.
  ///
  /// - Precondition: There is at least one.
  init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "no samples")
    sorted = seconds.sorted()
  }

  /// The middle one; the mean of the two middle ones of an even number.
  var median: Double {
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The smallest that 95 % do not exceed (nearest rank).
  var percentile95: Double { sorted[(sorted.count * 95 + 99) / 100 - 1] }

  var minimum: Double { sorted[0] }

  var count: Int { sorted.count }

  /// Runs a second.
  var rate: Double { Double(sorted.count) / sorted.reduce(0, +) }
}

/// Runs `body` and returns the seconds that it took.
func timed(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  return try clock.measure(body) / .seconds(1)
}
