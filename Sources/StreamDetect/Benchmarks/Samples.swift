/// The times of repeated runs of the same work, in seconds.
package struct Samples: Sendable {
  private var sorted: [Double]

  /// Creates samples from the times in seconds.
  ///
  /// - Precondition: There is at least one.
  package init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "no samples")
    sorted = seconds.sorted()
  }

  /// The median; of an even number of samples the mean of the middle two.
  package var median: Double {
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The 95th percentile (nearest rank).
  package var percentile95: Double { sorted[(sorted.count * 95 + 99) / 100 - 1] }

  /// The shortest time.
  package var minimum: Double { sorted[0] }

  /// Number of samples.
  package var count: Int { sorted.count }

  /// Runs per second.
  package var rate: Double { Double(sorted.count) / sorted.reduce(0, +) }
}

/// Runs `body` and returns the seconds it took.
func timed(_ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  return try clock.measure(body) / .seconds(1)
}
