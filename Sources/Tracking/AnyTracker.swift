internal import Geometry

/// A tracker of either kind: `Tracker`, or `OfflineTracker` for those who can wait.
///
/// Every frame is returned once, in order: with its own update, or with a later one. If the size of
/// the frames changes, tracks go on at the same place of the picture.
public struct AnyTracker: Sendable {
  private var online: Tracker?
  private var offline: OfflineTracker?
  /// The size that boxes are tracked at: that of the first frame.
  private var size: FrameSize?
  /// How much larger the frames are that the trackers hold.
  private var scales: [Point] = []
  /// The scale of frames that have the size of the first one.
  private static let same = Point(x: 1, y: 1)

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
    let scale = scale(of: frame)
    guard scale != Self.same else {
      return finished(track(observations, at: time, frame: frame, motion: motion), adding: scale)
    }
    let scaled = observations.map { found in
      var found = found
      found.box = found.box.scaled(x: 1 / scale.x, y: 1 / scale.y)
      return found
    }
    let motion = motion.map { CameraMotion(x: $0.x / scale.x, y: $0.y / scale.y) }
    return finished(track(scaled, at: time, frame: size, motion: motion), adding: scale)
  }

  /// Returns the objects of the frames that still wait.
  public mutating func finish() -> [[TrackedBox]] {
    defer {
      size = nil
      scales = []
    }
    return finished(offline?.finish() ?? [], adding: nil)
  }

  private mutating func track(
    _ observations: [BoxObservation], at time: Double, frame: FrameSize?, motion: CameraMotion?
  ) -> [[TrackedBox]] {
    if let objects = online?.update(observations, at: time, frame: frame, motion: motion) {
      return [objects]
    }
    return offline?.update(observations, at: time, frame: frame, motion: motion) ?? []
  }

  /// How much larger a frame is than the first one.
  private mutating func scale(of frame: FrameSize?) -> Point {
    guard let frame, frame.isUsable else { return Self.same }
    guard let size else {
      size = frame
      return Self.same
    }
    return Point(x: frame.width / size.width, y: frame.height / size.height)
  }

  /// The objects in pixels of their own frames; `scale` is that of a frame that was just given.
  private mutating func finished(
    _ frames: [[TrackedBox]], adding scale: Point?
  ) -> [[TrackedBox]] {
    if let scale { scales.append(scale) }
    defer { scales.removeFirst(min(frames.count, scales.count)) }
    return zip(frames, scales).map { objects, scale in
      guard scale != Self.same else { return objects }
      return objects.map { $0.scaled(by: scale) }
    }
  }
}

extension TrackedBox {
  fileprivate func scaled(by scale: Point) -> TrackedBox {
    var object = self
    object.box = box.scaled(x: scale.x, y: scale.y)
    for index in earlier.indices {
      object.earlier[index].box = earlier[index].box.scaled(x: scale.x, y: scale.y)
    }
    return object
  }
}
