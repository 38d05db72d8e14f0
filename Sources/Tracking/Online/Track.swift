internal import Geometry

/// An object that is followed.
///
/// All of it lies in the value itself: hundreds of tracks are copied and passed on in each frame.
struct Track: Sendable {
  /// Its number; 0 until it is confirmed.
  var id = 0
  /// Its number from the first observation on, confirmed or not.
  let serial: Int
  var x: AxisFilter
  var y: AxisFilter
  /// When it was first observed, in seconds.
  let born: Double
  /// When it was last observed.
  private(set) var lastSeen: Double
  /// The time unseen that counts: less of it while the object is hidden.
  var unseen = 0.0
  /// The last observed box, moved with the camera.
  private(set) var lastObserved: PixelBox
  private(set) var scores = RecentScores()
  private(set) var votes: ClassVotes
  /// The place of its observation in the present frame.
  private(set) var observation: Int?
  /// Whether its scores were high enough to trust that it is an object.
  private(set) var isCertain = false

  /// Where it was when it last moved.
  private var anchor: (x: Double, y: Double)
  /// Since when it has been there.
  private var anchored: Double
  /// The running means of the innovations, in standard deviations.
  private var drift = (x: 0.0, y: 0.0)

  /// Begins a track with an observation.
  init(
    serial: Int, _ found: BoxObservation, index: Int, at time: Double, _ tuning: TrackerTuning
  ) {
    let box = found.box
    let side = box.area.squareRoot()
    func axis(_ start: Double, _ size: Double) -> AxisFilter {
      AxisFilter(
        position: start + size / 2, size: size,
        positionVariance: square(tuning.positionNoise * size),
        velocityVariance: square(tuning.firstVelocity * side),
        sizeVariance: square(tuning.sizeNoise * size))
    }
    self.serial = serial
    x = axis(box.x, box.width)
    y = axis(box.y, box.height)
    born = time
    lastSeen = time
    lastObserved = box
    anchor = (x.position, y.position)
    anchored = time
    votes = ClassVotes(found.classID, weight: found.score)
    scores.add(found.score)
    observation = index
  }

  var isConfirmed: Bool { id > 0 }

  /// The mean side, the square root of the area, to which other lengths are related.
  var side: Double { (max(x.size, 1) * max(y.size, 1)).squareRoot() }

  /// Where the object is taken to be.
  var box: PixelBox {
    PixelBox(
      x: x.position - x.size / 2, y: y.position - y.size / 2, width: x.size, height: y.size)
  }

  /// Whether it stayed in its place for some time before it was last seen.
  func isStationary(_ tuning: TrackerTuning) -> Bool {
    lastSeen - anchored >= tuning.stationaryAfter
  }
}

extension Track {
  /// Predicts where it is `seconds` later.
  mutating func predict(_ seconds: Double, _ tuning: TrackerTuning) {
    observation = nil
    var density = square(tuning.acceleration * side)
    if isStationary(tuning) {
      density *= tuning.stationaryAcceleration
      // It stays where it is, whatever its velocity seems to be.
      let rest = 1 / (1 + seconds / tuning.stationaryRest)
      x.velocity *= rest
      y.velocity *= rest
    }
    x.predict(
      seconds, acceleration: density * tuning.boost(drift: drift.x),
      growth: square(tuning.growth * x.size))
    y.predict(
      seconds, acceleration: density * tuning.boost(drift: drift.y),
      growth: square(tuning.growth * y.size))
  }

  /// Moves it with the camera.
  mutating func move(_ motion: CameraMotion) {
    x.position += motion.x
    y.position += motion.y
    anchor.x += motion.x
    anchor.y += motion.y
    lastObserved.x += motion.x
    lastObserved.y += motion.y
  }

  /// Takes in an observation; `frame` tells which of its edges are cut off.
  mutating func update(
    _ found: BoxObservation, index: Int, at time: Double, frame: FrameSize?,
    _ tuning: TrackerTuning
  ) {
    let box = found.box
    let innovationX = x.update(
      VisibleSpan(
        start: box.x, length: box.width, limit: frame?.width, noise: tuning.positionNoise), tuning)
    let innovationY = y.update(
      VisibleSpan(
        start: box.y, length: box.height, limit: frame?.height, noise: tuning.positionNoise),
      tuning)
    drift.x += tuning.manoeuvreRate * (innovationX - drift.x)
    drift.y += tuning.manoeuvreRate * (innovationY - drift.y)
    observation = index
    lastSeen = time
    unseen = 0
    lastObserved = box
    votes.add(found.classID, weight: found.score)
    scores.add(found.score)
    if square(x.position - anchor.x) + square(y.position - anchor.y)
      > square(tuning.stationaryRange * side)
    {
      anchor = (x.position, y.position)
      anchored = time
    }
  }

  /// Draws conclusions from the scores: whether it is certain, and whether it could be confirmed.
  mutating func judge(_ options: TrackerOptions, at time: Double, _ tuning: TrackerTuning) -> Bool {
    let median = scores.median
    if median >= tuning.certainScore { isCertain = true }
    let isProbable = scores.total >= tuning.confirmCount && median >= options.confirmScore
    return (isProbable || isCertain) && time - born >= options.minimumDuration
  }
}

extension AxisFilter {
  /// Takes in what was seen along this axis.
  ///
  /// Returns the innovation of the centre, in standard deviations.
  fileprivate mutating func update(_ seen: VisibleSpan, _ tuning: TrackerTuning) -> Double {
    let length = max(size, seen.length)
    if seen.isWhole {
      updateSize(seen.length, variance: square(tuning.sizeNoise * length))
    } else if seen.length > size {
      // It is larger than it seemed. The end that can be seen stays where it is.
      let grown = seen.length - size
      size = seen.length
      position += seen.startIsCut ? -grown / 2 : grown / 2
    }
    let noise = square(tuning.positionNoise * length)
    let observed = seen.centre(size: size)
    let innovation = (observed - position) / (positionVariance + noise).squareRoot()
    updatePosition(observed, variance: noise)
    return innovation
  }
}
