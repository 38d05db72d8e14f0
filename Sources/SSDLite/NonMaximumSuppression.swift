internal import Geometry

/// Keeps the best detection of each group of overlapping ones.
///
/// Greedy, in descending order of score; detections with equal scores keep their order. As in
/// torchvision, a detection is dropped if its overlap with a better one is larger than the
/// threshold. Memory is reused from call to call.
public struct NonMaximumSuppression: Sendable {
  /// Overlap above which the weaker of two boxes is dropped.
  public var iouThreshold: Float
  /// Whether boxes of different classes suppress each other.
  public var isClassAgnostic: Bool
  /// Maximum number of detections that are kept.
  public var limit: Int

  /// Positions in descending order of score, as `sortKey` encodes them.
  private var order: [UInt64] = []

  /// Creates a suppression.
  public init(iouThreshold: Float, isClassAgnostic: Bool = false, limit: Int = .max) {
    self.iouThreshold = iouThreshold
    self.isClassAgnostic = isClassAgnostic
    self.limit = limit
  }

  /// The detections that are kept, in descending order of score.
  ///
  /// Those with a NaN score are dropped.
  ///
  /// - Complexity: O(n log n + n · k) for k kept detections; ends as soon as `limit` are kept.
  public mutating func callAsFunction(_ detections: [Detection]) -> [Detection] {
    keep(detections).map { detections[$0] }
  }

  /// Positions of the detections that are kept, in descending order of score.
  ///
  /// - Precondition: There are fewer than 2³² detections.
  /// - Complexity: As above.
  public mutating func keep(_ detections: [Detection]) -> [Int] {
    order.removeAll(keepingCapacity: true)
    for (position, detection) in detections.enumerated() where !detection.score.isNaN {
      order.append(sortKey(score: detection.score, position: position))
    }
    order.sort()
    var kept: [Int] = []
    for key in order {
      guard kept.count < limit else { break }
      let position = sortedPosition(key)
      if !isCovered(detections[position], by: kept, of: detections) { kept.append(position) }
    }
    return kept
  }

  private func isCovered(
    _ candidate: Detection, by kept: [Int], of detections: [Detection]
  ) -> Bool {
    kept.contains { better in
      (isClassAgnostic || detections[better].classID == candidate.classID)
        && iou(detections[better].box, candidate.box) > iouThreshold
    }
  }
}
