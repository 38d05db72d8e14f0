/// The last ten scores of a track.
///
/// They lie in the value itself, so that tracks are copied without counting references.
struct RecentScores: Hashable, Sendable {
  private static let capacity = 10
  private var scores = SIMD16<Float>(repeating: 0)
  private var next = 0
  private var count = 0
  /// The median; the lower of the two middle ones if their number is even.
  private(set) var median = 0.0
  /// How many there were, including those that have been forgotten.
  private(set) var total = 0

  mutating func add(_ score: Double) {
    scores[next] = Float(score)
    next = (next + 1) % Self.capacity
    count = min(count + 1, Self.capacity)
    total += 1
    var sorted = scores
    for index in 1..<max(count, 2) {
      let value = sorted[index]
      var place = index
      while place > 0 && sorted[place - 1] > value && place < count {
        sorted[place] = sorted[place - 1]
        place -= 1
      }
      sorted[place] = value
    }
    median = Double(sorted[(count - 1) / 2])
  }
}
