internal import Geometry

/// Follows objects from frame to frame, each frame as it comes.
///
///     var tracker = Tracker()
///     for frame in frames {
///       for object in tracker.update(frame.boxes, at: frame.seconds) { … }
///     }
///
/// Observations are matched with tracks in two stages, those with high scores first (Zhang et al.
/// 2022, "ByteTrack", arXiv:2110.06864), at the least total cost. What is left may be matched with
/// the place where an object was last seen (Cao et al. 2023, "OC-SORT", arXiv:2203.14360). Motion
/// is in seconds and relative to the size of boxes, so any frame rate and frame size will do.
///
/// The same observations give the same tracks on any machine.
public struct Tracker: Sendable {
  /// How objects are tracked.
  public let options: TrackerOptions
  /// The time of the last frame, in seconds.
  package internal(set) var now: Double?
  /// How far the camera has moved the picture since the first frame.
  package internal(set) var shift = CameraMotion(x: 0, y: 0)

  var tracks: [Track] = []
  var candidates = Candidates()
  var association = Association()
  var camera = CameraFollower()
  var frame: FrameSize?
  var trackIsFree: [Bool] = []
  var matches: [(track: Int, observation: Int)] = []
  var innovations: [CameraFollower.Innovation] = []
  /// The sightings of tracks without a number.
  var firstSightings = FirstSightings()
  private var lastID = 0
  var lastSerial = 0

  var tuning: TrackerTuning { options.tuning }

  /// Creates a tracker that has seen nothing yet.
  public init(_ options: TrackerOptions = .init()) {
    self.options = options
  }

  /// Takes in the observations of the next frame.
  ///
  /// Observations that can't be used (a score that isn't 0...1, a box that is empty or has numbers
  /// that are not finite) are ignored.
  ///
  /// - Parameters:
  ///   - observations: What the detector found, in any order.
  ///   - time: When the frame is shown, in seconds. A time before that of the last frame is taken
  ///     for the same.
  ///   - frame: The size of the frame, if it is known: it tells which boxes are cut off.
  ///   - motion: How the camera moved the picture since the last frame; `nil` to estimate it from
  ///     the boxes.
  /// - Returns: The objects in the frame, in the order in which their tracks began.
  /// - Complexity: O(n log n) for n objects that are apart, O(n³) for n that overlap.
  public mutating func update(
    _ observations: [BoxObservation], at time: Double, frame: FrameSize? = nil,
    motion: CameraMotion? = nil
  ) -> [TrackedBox] {
    let last = now ?? (time.isFinite ? time : 0)
    let time = time.isFinite ? max(time, last) : last
    let seconds = time - last
    now = time
    self.frame = frame.flatMap { $0.isUsable ? $0 : nil }
    forget(gap: seconds)
    for index in tracks.indices { tracks[index].predict(seconds, tuning) }
    move(motion.flatMap { $0.isUsable ? $0 : nil } ?? camera.predict(seconds, tuning))
    candidates.begin(
      observations, lowScore: options.lowScore, limit: TrackerOptions.maximumObservations)
    associate(seconds, at: time)
    begin(at: time)
    age(seconds)
    noteFirstSightings(at: time)
    confirm(at: time)
    let objects = tracks.compactMap(reported)
    firstSightings.endFrame()
    return objects
  }

  /// Gives up a track, because another one continues it.
  mutating func drop(serial: Int) { tracks.removeAll { $0.serial == serial } }

  /// Moves all tracks with the camera.
  private mutating func move(_ motion: CameraMotion) {
    guard motion.x != 0 || motion.y != 0 else { return }
    shift.x += motion.x
    shift.y += motion.y
    for index in tracks.indices { tracks[index].move(motion) }
  }

  private mutating func confirm(at time: Double) {
    for index in tracks.indices where tracks[index].observation != nil {
      let isCredible = tracks[index].judge(options, at: time, tuning)
      if isCredible && !tracks[index].isConfirmed {
        lastID += 1
        tracks[index].id = lastID
        firstSightings.confirm(tracks[index].serial)
      }
    }
  }

  /// What is reported of a track in the present frame.
  private func reported(_ track: Track) -> TrackedBox? {
    guard track.isConfirmed else { return nil }
    let whole = track.box
    let box = frame?.clip(whole) ?? whole
    let isStationary = track.isStationary(tuning)
    if track.observation == nil {
      // What was seen for a moment only isn't predicted for longer.
      let most = min(options.coast, tuning.coastBase + track.lastSeen - track.born)
      let coast =
        !track.isCertain
        ? min(tuning.uncertainCoast, most)
        : isStationary ? max(tuning.stationaryCoast, most) : most
      guard options.coast > 0, track.unseen <= coast, box.area >= tuning.leastInside * whole.area
      else { return nil }
    }
    var object = TrackedBox(
      trackID: track.id, box: box,
      score: track.observation.map { candidates.observations[$0].score } ?? track.scores.median,
      classID: track.votes.winner, observation: track.observation, isStationary: isStationary)
    object.earlier = firstSightings.ofConfirmed(track.serial)
    return object
  }
}
