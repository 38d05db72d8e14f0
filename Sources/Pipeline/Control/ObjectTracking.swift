public import Tracking

/// How a run tracks the objects of each source.
public struct ObjectTracking: Sendable {
  /// The options of the tracker.
  public var options: TrackerOptions
  /// Whether tracked objects get boxes that are smoothed by their motion.
  public var smoothsBoxes: Bool

  /// Creates options.
  public init(options: TrackerOptions = .init(), smoothsBoxes: Bool = true) {
    self.options = options
    self.smoothsBoxes = smoothsBoxes
  }
}
