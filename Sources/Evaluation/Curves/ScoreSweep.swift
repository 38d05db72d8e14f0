/// Precision and recall if only detections with at least a certain score count.
public struct OperatingPoint: Hashable, Sendable {
  /// The smallest score that counts.
  public var score: Double
  /// How many objects were found.
  public var hits: Int
  /// How many detections are false.
  public var misses: Int
  /// How many objects there are.
  public var objects: Int

  /// The share of detections that are right; 1 if there are none.
  public var precision: Double {
    hits + misses > 0 ? Double(hits) / Double(hits + misses) : 1
  }

  /// The share of objects that were found; 0 if there are none.
  public var recall: Double { objects > 0 ? Double(hits) / Double(objects) : 0 }

  /// The harmonic mean of precision and recall.
  public var f1: Double {
    let sum = hits + misses + objects
    return sum > 0 ? 2 * Double(hits) / Double(sum) : 0
  }
}

/// Precision, recall and F1 at every score, for one class or for all of them together.
///
/// A detection is right if it overlaps an object of its class by at least a threshold. Matches with
/// crowds, ignored objects and regions count neither as right nor as false, as in COCO's protocol
/// for objects of all sizes.
public struct ScoreSweep: Sendable {
  /// How many objects there are.
  public let objects: Int
  /// A point for each different score, by falling score.
  public let points: [OperatingPoint]

  /// Counts detections, each given by its score and by whether it is right.
  init(_ detections: [(score: Double, isHit: Bool)], objects: Int) {
    var points: [OperatingPoint] = []
    var point = OperatingPoint(score: .infinity, hits: 0, misses: 0, objects: objects)
    for detection in detections.sorted(by: { $0.score > $1.score }) {
      if detection.score < point.score, point.score.isFinite { points.append(point) }
      point.score = detection.score
      if detection.isHit { point.hits += 1 } else { point.misses += 1 }
    }
    if point.score.isFinite { points.append(point) }
    self.points = points
    self.objects = objects
  }

  /// The counts if only detections with at least `score` count.
  public func point(atLeast score: Double) -> OperatingPoint {
    // Finds the last point with at least this score; points are sorted by falling score.
    var low = 0
    var high = points.count
    while low < high {
      let middle = (low + high) / 2
      if points[middle].score >= score { low = middle + 1 } else { high = middle }
    }
    var point =
      low > 0 ? points[low - 1] : OperatingPoint(score: score, hits: 0, misses: 0, objects: objects)
    point.score = score
    return point
  }

  /// The threshold with the best F1, the highest one if several are equal; `nil` if no object was
  /// found.
  ///
  /// It lies midway between the lowest score that counts and the next lower one, so that rounding
  /// does not move it past either.
  public var best: OperatingPoint? {
    var place = 0
    for candidate in points.indices where points[candidate].f1 > points[place].f1 {
      place = candidate
    }
    guard points.indices.contains(place), points[place].hits > 0 else { return nil }
    var best = points[place]
    if place + 1 < points.count { best.score = (best.score + points[place + 1].score) / 2 }
    return best
  }
}

extension Comparison {
  /// The sweeps of each class and of all classes together, for a minimum overlap.
  public func sweeps(overlap: Double) -> (perClass: [ScoreSweep], all: ScoreSweep) {
    var everything: [(score: Double, isHit: Bool)] = []
    let perClass = classes.indices.map { classIndex in
      var detections: [(score: Double, isHit: Bool)] = []
      var objects = 0
      for image in classImages(of: classIndex, limit: .max) {
        let matching = image.matched(at: overlap, areas: COCOProtocol.areas[0])
        objects += matching.objects
        for (found, partner) in zip(image.found, matching.partners) {
          if let partner, matching.isIgnored[partner] { continue }
          detections.append((found.score, partner != nil))
        }
      }
      everything += detections
      return ScoreSweep(detections, objects: objects)
    }
    let objects = perClass.reduce(0) { $0 + $1.objects }
    return (perClass, ScoreSweep(everything, objects: objects))
  }
}
