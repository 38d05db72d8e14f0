/// Which detections are kept from a detector's raw output.
public struct DetectionOptions: Hashable, Sendable {
  /// Smallest score that is reported.
  public var scoreThreshold: Float
  /// Overlap above which the weaker of two boxes is dropped.
  public var iouThreshold: Float
  /// Maximum number of detections in a frame.
  public var maximumDetections: Int
  /// Maximum number of candidates per class that go into suppression.
  public var topKPerClass: Int
  /// Whether boxes of different classes suppress each other.
  public var isClassAgnostic: Bool
  /// Classes to detect, or `nil` for all; others are dropped before suppression.
  public var classes: Set<Int>?

  /// Creates options; the default limits are torchvision's.
  public init(
    scoreThreshold: Float, iouThreshold: Float, maximumDetections: Int = 300,
    topKPerClass: Int = 300, isClassAgnostic: Bool = false, classes: Set<Int>? = nil
  ) {
    self.scoreThreshold = scoreThreshold
    self.iouThreshold = iouThreshold
    self.maximumDetections = maximumDetections
    self.topKPerClass = topKPerClass
    self.isClassAgnostic = isClassAgnostic
    self.classes = classes
  }
}
