/// Where two lists of numbers differ most, relative to a tolerance.
public struct Difference: Sendable, CustomStringConvertible {
  /// Whether the lists hold anything, have the same length, and every pair is within the tolerance.
  public let isWithin: Bool
  /// The largest difference: its index and the two values.
  public let description: String

  /// Compares with `|a - b| <= absolute + relative * |b|`; the defaults are the golden vectors'.
  public init(
    _ name: String, _ actual: [Float], _ expected: [Float], absolute: Float = 2e-4,
    relative: Float = 1e-4
  ) {
    guard actual.count == expected.count else {
      isWithin = false
      description = "\(name): \(actual.count) values instead of \(expected.count)"
      return
    }
    var worst = 0
    var worstExcess = -Float.infinity
    for index in actual.indices {
      let difference = abs(actual[index] - expected[index])
      let excess = difference - absolute - relative * abs(expected[index])
      // NaN counts as the largest difference.
      if !(excess <= worstExcess) {
        worst = index
        worstExcess = excess
        if excess.isNaN { break }
      }
    }
    isWithin = !actual.isEmpty && worstExcess <= 0
    description =
      actual.isEmpty
      ? "\(name): empty"
      : "\(name): \(actual[worst]) instead of \(expected[worst]) at \(worst)"
  }
}

/// Image rows with `channels` values per pixel, from a map in the order channel, row, column.
public func interleaved(_ planar: [Float], channels: Int) -> [Float] {
  let pixels = planar.count / channels
  return (0..<planar.count).map { planar[$0 % channels * pixels + $0 / channels] }
}
