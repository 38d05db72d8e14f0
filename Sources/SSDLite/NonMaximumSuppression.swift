internal import Geometry

/// Keeps the best detection of each group that overlaps.
///
/// Greedy, in order of falling score; ties keep their order of arrival. A detection is dropped where its
/// overlap with a better one is larger than the threshold, as in torchvision. A value of this type
/// keeps its memory from one call to the next.
public struct NonMaximumSuppression: Sendable {
  /// Overlap above which the weaker of two boxes is dropped.
  public var iouThreshold: Float
  /// Whether boxes of different classes suppress each other.
  public var isClassAgnostic: Bool
  /// Most detections that are kept.
  public var limit: Int

  /// Positions in falling order of the score, as `sortKey` writes them.
  private var order: [UInt64] = []

  /// Creates a suppression.
  public init(iouThreshold: Float, isClassAgnostic: Bool = false, limit: Int = .max) {
    self.iouThreshold = iouThreshold
    self.isClassAgnostic = isClassAgnostic
    self.limit = limit
  }

  /// The detections that are kept, in order of falling score; one whose score is no number is dropped.
  ///
  /// - Complexity: O(n log n + n · k) for k kept detections; ends as soon as `limit` are kept.
  public mutating func callAsFunction(_ detections: [Detection]) -> [Detection] {
    keep(detections).map { detections[$0] }
  }

  /// Positions of the detections that are kept, in order of falling score.
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
