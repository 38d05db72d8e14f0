/// How often each class was observed for a track, weighted with the scores.
///
/// Four classes are kept, as in the algorithm of Metwally et al. 2005 ("space saving"): a fifth
/// takes the place of the weakest. They lie in the value itself, so that tracks are copied without
/// counting references.
struct ClassVotes: Hashable, Sendable {
  private var classes = SIMD4<Int>(repeating: 0)
  private var weights = SIMD4<Double>(repeating: 0)
  /// The class with the most votes; a tie keeps the class that was there before.
  private(set) var winner: Int

  init(_ classID: Int, weight: Double) {
    winner = classID
    classes[0] = classID
    weights[0] = weight
  }

  /// Adds an observation of a class.
  mutating func add(_ classID: Int, weight: Double) {
    if classID == winner && classes[0] == classID {
      weights[0] += weight
      return
    }
    var place = -1
    var weakest = 0
    var best = 0.0
    for index in 0..<4 {
      if weights[index] > 0 && classes[index] == classID { place = index }
      if weights[index] < weights[weakest] { weakest = index }
      if classes[index] == winner { best = max(best, weights[index]) }
    }
    if place < 0 {
      place = weakest
      classes[place] = classID
    }
    weights[place] += weight
    if weights[place] > best { winner = classID }
  }
}
