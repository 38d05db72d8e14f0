internal import Geometry

/// How well two detectors, or one in two precisions, agree on the same images.
public struct DetectionAgreement: Sendable {
  /// Objects of the reference.
  public private(set) var expected = 0
  /// Objects of the other.
  public private(set) var found = 0
  /// Objects of the reference that the other has too: same class, IoU of at least `iouThreshold`.
  public private(set) var matched = 0
  /// Sum of the differences of matched objects' scores.
  private var scoreChange = 0.0
  /// Overlap from which two boxes count as the same.
  public let iouThreshold: Float

  /// Starts a comparison.
  public init(iouThreshold: Float = 0.9) { self.iouThreshold = iouThreshold }

  /// Mean absolute difference of the scores of matched objects; 0 where there are none.
  public var meanScoreChange: Double { matched == 0 ? 0 : scoreChange / Double(matched) }
  /// Share of the reference's objects that are matched; 1 where there are none.
  public var share: Double { expected == 0 ? 1 : Double(matched) / Double(expected) }

  /// Adds an image.
  ///
  /// Objects of `reference` with scores of at least `threshold` are looked for among all of `other`,
  /// so that a score just below the threshold does not count as a loss.
  public mutating func add(
    reference: [Detection], other: [Detection], threshold: Float
  ) {
    found += other.count { $0.score >= threshold }
    var free = other
    for object in reference where object.score >= threshold {
      expected += 1
      let overlaps = free.indices.filter { free[$0].classID == object.classID }
        .map { (place: $0, overlap: iou(free[$0].box, object.box)) }
      guard let best = overlaps.max(by: { $0.overlap < $1.overlap }), best.overlap >= iouThreshold
      else { continue }
      matched += 1
      scoreChange += Double((free[best.place].score - object.score).magnitude)
      free.remove(at: best.place)
    }
  }
}
