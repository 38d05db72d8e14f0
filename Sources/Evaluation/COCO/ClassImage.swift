internal import Geometry

/// One class in one image: its objects, its detections, and how they overlap.
struct ClassImage {
  let truth: [Comparison.Truth]
  /// By falling score, and at most as many as the protocol counts.
  let found: [Comparison.Found]
  /// The overlap of each detection with each object, row by row: `[found][truth]`.
  private let overlaps: [Double]

  /// Keeps the best `limit` detections; ties between scores keep the order of the file.
  init(truth: [Comparison.Truth], found: [Comparison.Found], limit: Int) {
    self.truth = truth
    let order = found.indices.sorted { (-found[$0].score, $0) < (-found[$1].score, $1) }
    let best = order.prefix(limit).map { found[$0] }
    self.found = best
    overlaps = best.flatMap { detection in
      truth.map { detection.box.overlap(with: $0.box, isCrowd: $0.isCrowd) }
    }
  }

  /// How a detection counts.
  enum Outcome {
    /// It matches an object that no better detection matched.
    case hit
    /// It matches no object, or only one that a better detection matched.
    case miss
    /// It counts neither way.
    case ignored
  }

  /// Which detections match which objects, where only one range of areas counts.
  struct Matching {
    /// How each detection counts.
    var outcomes: [Outcome]
    /// The index of the object that each detection matches.
    var partners: [Int?]
    /// Whether each object is ignored.
    var isIgnored: [Bool]

    /// How many objects count.
    var objects: Int { isIgnored.count { !$0 } }
  }

  /// Whether each object is ignored if only objects with areas in `range` count.
  func ignored(outside range: ClosedRange<Double>) -> [Bool] {
    truth.map {
      $0.isCrowd || $0.isIgnored || $0.area < range.lowerBound || $0.area > range.upperBound
    }
  }

  /// Matches each detection, best first, with the unmatched object that it overlaps most.
  ///
  /// Objects that count are preferred to ignored ones. A crowd can be matched any number of times.
  /// Of two equal overlaps, the later object wins. All of this is as in pycocotools' `evaluateImg`.
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
    if let partner, !truth[partner].countsMatchesAsFalse { return .hit }
    return areas.contains(detection.box.area) ? .miss : .ignored
  }
}
