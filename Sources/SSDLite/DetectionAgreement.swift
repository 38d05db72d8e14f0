internal import Geometry

/// How well two detectors, or one in two precisions, agree on the same images.
public struct DetectionAgreement: Sendable {
  /// Objects that the reference found.
  public private(set) var expected = 0
  /// Objects that the other found.
  public private(set) var found = 0
  /// Objects of the reference that the other found, too: same class, IoU of at least
  /// `iouThreshold`.
  public private(set) var matched = 0
  /// Sum of the absolute score differences of matched objects.
  private var scoreChange = 0.0
  /// Smallest IoU at which two boxes count as the same.
  public let iouThreshold: Float

  /// Starts a comparison.
  public init(iouThreshold: Float = 0.9) { self.iouThreshold = iouThreshold }

  /// Mean absolute score difference of matched objects; 0 if there are none.
  public var meanScoreChange: Double { matched == 0 ? 0 : scoreChange / Double(matched) }
  /// Share of the reference's objects that are matched; 1 if it has none.
  public var share: Double { expected == 0 ? 1 : Double(matched) / Double(expected) }

  /// Adds an image.
  ///
  /// Objects of `reference` with scores of at least `threshold` are matched with all of `other`, so
  /// a score that falls just below the threshold does not count as a loss.
  public mutating func add(
    reference: [Detection], other: [Detection], threshold: Float
  ) {
    found += other.count { $0.score >= threshold }
    var free = other
    for object in reference where object.score >= threshold {
      expected += 1
      let overlaps = free.indices.filter { free[$0].classID == object.classID }
        .map { (index: $0, overlap: iou(free[$0].box, object.box)) }
      guard let best = overlaps.max(by: { $0.overlap < $1.overlap }), best.overlap >= iouThreshold
      else { continue }
      matched += 1
      scoreChange += Double((free[best.index].score - object.score).magnitude)
      free.remove(at: best.index)
    }
  }
}
