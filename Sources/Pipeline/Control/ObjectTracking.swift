public import Tracking

/// How a run tracks the objects of each source.
public struct ObjectTracking: Sendable {
  /// The options of the tracker.
  public var options: TrackerOptions
  /// Whether tracked objects get boxes that are smoothed by their motion.
  public var smoothsBoxes: Bool
  /// Whether results are held back for some seconds, to be tracked with knowledge of what comes
  /// later.
  ///
  /// Only for files, and for sinks that don't want pictures, which take too much memory to wait.
  public var isOffline: Bool
  /// Finds the events of each source, of which it has seen nothing yet; `nil` for none.
  public var events: EventEngine?
  /// The name of a class, for events.
  public var className: @Sendable (Int) -> String = { "class \($0)" }

  /// Creates options.
  public init(
    options: TrackerOptions = .init(), smoothsBoxes: Bool = true, isOffline: Bool = false
  ) {
    self.options = options
    self.smoothsBoxes = smoothsBoxes
    self.isOffline = isOffline
  }
}
