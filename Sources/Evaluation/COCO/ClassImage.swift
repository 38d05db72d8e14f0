internal import Geometry

/// One class in one image: what is there, what was found, and how they overlap.
struct ClassImage {
  let truth: [Comparison.Truth]
  /// At most as many as the protocol looks at, by falling score.
  let found: [Comparison.Found]
  /// The overlap of each detection with each object, `[found][truth]`.
  private let overlaps: [Double]

  /// Ties between scores keep the order of the file.
  init(truth: [Comparison.Truth], found: [Comparison.Found], limit: Int) {
    self.truth = truth
    let order = found.indices.sorted { (-found[$0].score, $0) < (-found[$1].score, $1) }
    let best = order.prefix(limit).map { found[$0] }
    self.found = best
    overlaps = best.flatMap { detection in
      truth.map { detection.box.overlap(with: $0.box, isCrowd: $0.isCrowd) }
    }
  }

  /// What became of a detection.
  enum Outcome {
    /// It is an object that no better detection was matched with.
    case hit
    /// It is no object, or one that was found already.
    case miss
    /// It counts neither way.
    case ignored
  }

  /// How truth and detections of one range of areas were matched.
  struct Matching {
    /// For each detection.
    var outcomes: [Outcome]
    /// For each detection the position of its object.
    var partners: [Int?]
    /// For each object, whether it is left out.
    var isIgnored: [Bool]

    /// Objects that count.
    var objects: Int { isIgnored.count { !$0 } }
  }

  /// Whether each object is left out where only objects with areas in `range` count.
  func ignored(outside range: ClosedRange<Double>) -> [Bool] {
    truth.map {
      $0.isCrowd || $0.isIgnored || $0.area < range.lowerBound || $0.area > range.upperBound
    }
  }

  /// Gives each detection, best first, the free object that it overlaps most.
  ///
  /// Objects that count come before those that are left out. A crowd is never used up. Of two equal
  /// overlaps the later object wins: all as in pycocotools' `evaluateImg`.
  func matched(at threshold: Double, areas: ClosedRange<Double>) -> Matching {
    let isIgnored = ignored(outside: areas)
    let order = truth.indices.filter { !isIgnored[$0] } + truth.indices.filter { isIgnored[$0] }
    var isTaken = [Bool](repeating: false, count: truth.count)
    var matching = Matching(outcomes: [], partners: [], isIgnored: isIgnored)
    for (place, detection) in found.enumerated() {
      var best: Int?
      var overlap = min(threshold, 1 - 1e-10)
      for index in order {
        if isTaken[index] && !truth[index].isCrowd { continue }
        if let best, !isIgnored[best], isIgnored[index] { break }
        let candidate = overlaps[place * truth.count + index]
        if candidate < overlap { continue }
        overlap = candidate
        best = index
      }
      if let best { isTaken[best] = true }
      matching.partners.append(best)
      matching.outcomes.append(outcome(of: detection, best, isIgnored, areas))
    }
    return matching
  }

  private func outcome(
    of detection: Comparison.Found, _ partner: Int?, _ isIgnored: [Bool],
    _ areas: ClosedRange<Double>
  ) -> Outcome {
    if let partner, isIgnored[partner] { return .ignored }
    // pycocotools stores the object's id as the mark of a match, so zero is none.
    if let partner, !truth[partner].hasIDZero { return .hit }
    return areas.contains(detection.box.area) ? .miss : .ignored
  }
}
