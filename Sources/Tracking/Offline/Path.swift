internal import Geometry

/// The sightings of one object, joined from the fragments that a tracker made of them.
struct Path: Sendable {
  /// The serial number of the tracker's present track.
  var serial: Int
  /// The number under which it is reported; 0 until it is.
  var id = 0
  /// The sightings that may still matter, in order of time; never empty.
  private(set) var sightings: [Sighting] = []
  /// When it was first seen, in seconds.
  let first: Double
  private(set) var scores = RecentScores()
  private(set) var votes: ClassVotes
  /// The highest median of its last scores, of at least three.
  private(set) var bestMedian = 0.0
  private(set) var bestScore = 0.0
  /// Whether the tracker has given it up.
  var isOver = false
  /// Whether it has been decided which earlier path it continues, if any.
  var isDecided = false

  init(serial: Int, _ sighting: Sighting) {
    self.serial = serial
    first = sighting.time
    votes = ClassVotes(sighting.observation.classID, weight: 0)
    add(sighting)
  }

  /// When it was last seen.
  var last: Double { sightings.last?.time ?? first }

  mutating func add(_ sighting: Sighting) {
    sightings.append(sighting)
    scores.add(sighting.observation.score)
    votes.add(sighting.observation.classID, weight: sighting.observation.score)
    bestScore = max(bestScore, sighting.observation.score)
    if scores.total >= 3 { bestMedian = max(bestMedian, scores.median) }
  }

  /// Forgets sightings before a frame, but not the last ones: they tell where the object was going.
  mutating func forget(before frame: Int) {
    let old = sightings.firstIndex { $0.frame >= frame } ?? sightings.count
    sightings.removeFirst(min(old, max(sightings.count - Self.fewest, 0)))
  }

  /// How many sightings are kept at least.
  static let fewest = 40

  /// Whether it could be an object at all, rather than clutter.
  func isCredible(_ options: TrackerOptions) -> Bool {
    scores.total >= 2 && last - first >= options.minimumDuration
      && (bestMedian >= options.confirmScore || bestScore >= options.tuning.certainScore)
  }

  /// Whether the object stayed in its place for some time before it was last seen.
  func endsStationary(_ tuning: TrackerTuning) -> Bool {
    guard let end = sightings.last?.step.box, scores.median >= tuning.certainScore else {
      return false
    }
    // Single boxes stray more than the means that the tracker compares.
    let range = (tuning.stationaryRange + 2 * tuning.positionNoise) * end.area.squareRoot()
    for sighting in sightings.reversed() {
      if last - sighting.time >= tuning.stationaryAfter { return true }
      guard let box = sighting.step.box,
        square(box.centreX - end.centreX) + square(box.centreY - end.centreY) <= square(range)
      else { return false }
    }
    return false
  }
}
