/// The last ten scores of a track.
///
/// They lie in the value itself, so that tracks are copied without counting references.
struct RecentScores: Hashable, Sendable {
  private static let capacity = 10
  /// In a ring; places without a score are above all scores.
  private var scores = SIMD16<Float>(repeating: .infinity)
  private var next = 0
  /// The median; the lower of the two middle ones if their number is even.
  private(set) var median = 0.0
  /// How many there were, including those that have been forgotten.
  private(set) var total = 0

  mutating func add(_ score: Double) {
    scores[next] = Float(score)
    next = next + 1 < Self.capacity ? next + 1 : 0
    total += 1
    let count = min(total, Self.capacity)
    let middle = Int32((count - 1) / 2)
    // The median has at most as many scores below it as come before the middle, and more that are
    // not above it. Counting lanes takes a fraction of the time of sorting.
    for index in 0..<count {
      let value = scores[index]
      if Self.count(scores .< value) <= middle && Self.count(scores .<= value) > middle {
        median = Double(value)
        return
      }
    }
  }

  private static func count(_ mask: SIMDMask<SIMD16<Int32>>) -> Int32 {
    SIMD16<Int32>.zero.replacing(with: 1, where: mask).wrappedSum()
  }
}
