/// Follows objects with knowledge of what comes later: for files.
///
/// A `Tracker` makes fragments of paths. These are joined where one continues another, clutter is
/// dropped, gaps are filled, and boxes are smoothed in both directions. A frame is finished once it
/// is `TrackerOptions.lookahead` seconds old, so memory is bounded for any length of video.
///
///     var tracker = OfflineTracker()
///     for frame in frames {
///       for objects in tracker.update(frame.boxes, at: frame.seconds) { … }
///     }
///     for objects in tracker.finish() { … }
///
/// The same observations give the same tracks on any machine.
public struct OfflineTracker: Sendable {
  /// How objects are tracked.
  public let options: TrackerOptions

  var tracker: Tracker
  /// The frames that wait, preceded by some that were finished lately.
  var frames: [WaitingFrame] = []
  /// How many of `frames` were finished.
  var finished = 0
  /// In the order in which they began.
  var paths: [Path] = []
  /// The places of the paths by the serial numbers of their tracks.
  var places: [Int: Int] = [:]
  var lastID = 0
  var association = Association()
  var smoother: Smoother
  var stretch = Stretch()
  private var frameCount = 0

  /// The most frames that wait, for clips whose time stands still.
  static let maximumFrames = 8192

  var tuning: TrackerTuning { options.tuning }

  /// Creates a tracker that has seen nothing yet.
  public init(_ options: TrackerOptions = .init()) {
    self.options = options
    // Paths that are too short are dropped when all of them is known.
    var inner = options
    inner.minimumDuration = 0
    tracker = Tracker(inner)
    smoother = Smoother(tuning: options.tuning)
  }

  /// Takes in the observations of the next frame, and returns the objects of the frames that are
  /// finished with it.
  ///
  /// Every frame is returned once, in order: none or several by one call. The parameters are those
  /// of `Tracker.update(_:at:frame:motion:)`.
  public mutating func update(
    _ observations: [BoxObservation], at time: Double, frame: FrameSize? = nil,
    motion: CameraMotion? = nil
  ) -> [[TrackedBox]] {
    _ = tracker.update(observations, at: time, frame: frame, motion: motion)
    let now = tracker.now ?? 0
    let step = MotionStep(time: now, size: tracker.frame, shift: tracker.shift)
    frames.append(WaitingFrame(number: frameCount, step: step))
    for track in tracker.tracks {
      guard let index = track.observation else { continue }
      var sighting = Sighting(
        frame: frameCount, index: index, observation: observations[index], step: step)
      sighting.step.box = observations[index].box
      if let place = places[track.serial] {
        paths[place].add(sighting)
      } else {
        places[track.serial] = paths.count
        paths.append(Path(serial: track.serial, sighting))
      }
    }
    frameCount += 1
    return due(at: now).map { finish(upTo: $0) } ?? []
  }

  /// Returns the objects of the frames that still wait; the next frame begins anew.
  public mutating func finish() -> [[TrackedBox]] {
    for index in paths.indices { paths[index].isOver = true }
    let result = finish(upTo: frames.count, isLast: true)
    self = OfflineTracker(options)
    return result
  }

  /// Up to which place in `frames` it is time to finish them, if any.
  private func due(at now: Double) -> Int? {
    if frames.count - finished >= Self.maximumFrames {
      return finished + Self.maximumFrames / 2
    }
    let age = now - frames[finished].time
    guard age >= options.lookahead + tuning.block else { return nil }
    let end = now - options.lookahead
    return frames[finished...].firstIndex { $0.time >= end }
  }
}
