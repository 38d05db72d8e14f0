/// A tracker of either kind: `Tracker`, or `OfflineTracker` for those who can wait.
///
/// Every frame is returned once, in order: with its own update, or with a later one.
public struct AnyTracker: Sendable {
  private var online: Tracker?
  private var offline: OfflineTracker?

  /// Creates a tracker that has seen nothing yet.
  public init(_ options: TrackerOptions = .init(), isOffline: Bool) {
    if isOffline { offline = OfflineTracker(options) } else { online = Tracker(options) }
  }

  /// Takes in the observations of the next frame, and returns the objects of the frames that are
  /// finished with it.
  ///
  /// The parameters are those of `Tracker.update(_:at:frame:motion:)`.
  public mutating func update(
    _ observations: [BoxObservation], at time: Double, frame: FrameSize? = nil,
    motion: CameraMotion? = nil
  ) -> [[TrackedBox]] {
    if let objects = online?.update(observations, at: time, frame: frame, motion: motion) {
      return [objects]
    }
    return offline?.update(observations, at: time, frame: frame, motion: motion) ?? []
  }

  /// Returns the objects of the frames that still wait.
  public mutating func finish() -> [[TrackedBox]] { offline?.finish() ?? [] }
}
