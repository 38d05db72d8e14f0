internal import Geometry

/// An object whose events are watched.
struct FollowedObject: Sendable {
  /// Something that happened to it; zones and lines by their places.
  struct Happening: Sendable {
    enum Kind: Sendable {
      case entered(Int)
      case left(Int, dwell: Double)
      case loitered(Int, dwell: Double)
      case crossed(Int, CountingLine.Direction)
      case stopped
      case moved
    }

    var kind: Kind
    var moment: Moment
  }

  let trackID: Int
  let appearance: Int
  let first: Moment
  private(set) var last: Moment
  private(set) var scores = RecentScores()
  private(set) var votes: ClassVotes
  private(set) var rest: Rest
  private var visits: [ZoneVisit]
  private var watches: [LineWatch]
  /// The zones that its events have told, in the order in which it entered them.
  var entered: [Int] = []
  /// The number of the engine's frame in which it was last seen.
  var frameCount = 0
  /// Whether its start has been told.
  var isConfirmed = false
  /// What happened before it was believed.
  var pending: [Happening] = []

  /// The most happenings that wait for the object to be believed.
  private static let mostPending = 256

  /// Begins with the first sighting, whose way has no beginning.
  init(
    _ object: SightedObject, classID: Int, appearance: Int, at moment: Moment,
    _ options: EventOptions
  ) {
    trackID = object.trackID
    self.appearance = appearance
    first = moment
    last = moment
    votes = ClassVotes(classID, weight: object.score)
    rest = Rest(moment.box, at: moment.time)
    visits = Array(repeating: ZoneVisit(), count: options.zones.count)
    watches = Array(repeating: LineWatch(), count: options.lines.count)
  }

  /// Takes in a sighting's class and score, before its way.
  mutating func see(classID: Int, score: Double, isFirst: Bool) {
    scores.add(score)
    if !isFirst { votes.add(classID, weight: score) }
  }

  /// Takes in the way to a sighting, and returns what happened on it, in order.
  mutating func follow(
    _ way: Way, label: String, _ options: EventOptions, _ placed: PlacedZones
  ) -> [Happening] {
    var happenings: [Happening] = []
    for (index, zone) in options.zones.enumerated() {
      func note(_ change: ZoneVisit.Change, _ moment: Moment) {
        happenings.append(Happening(kind: .init(change, index), moment: moment))
      }
      if let classes = zone.classes, !classes.contains(label) {
        visits[index].leave(at: way.now, note)
      } else {
        visits[index].follow(way, zone, placed.zones[index], note: note)
      }
    }
    for (index, line) in options.lines.enumerated() {
      if let classes = line.classes, !classes.contains(label) {
        watches[index] = LineWatch()
      } else if let (direction, moment) = watches[index].follow(way, line, placed.lines[index]) {
        happenings.append(Happening(kind: .crossed(index, direction), moment: moment))
      }
    }
    if let isStill = rest.update(
      way.now.box, at: way.now.time, after: options.stationaryAfter)
    {
      happenings.append(Happening(kind: isStill ? .stopped : .moved, moment: way.now))
    }
    last = way.now
    return Self.inOrder(happenings)
  }

  /// Ends it, and returns what is known with that, in order.
  mutating func finish() -> [Happening] {
    var happenings: [Happening] = []
    for index in visits.indices {
      visits[index].finish(at: last) { change, moment in
        happenings.append(Happening(kind: .init(change, index), moment: moment))
      }
    }
    for index in watches.indices {
      guard let (direction, moment) = watches[index].finish() else { continue }
      happenings.append(Happening(kind: .crossed(index, direction), moment: moment))
    }
    return Self.inOrder(happenings)
  }

  /// The places of the zones in which it is.
  var zones: [Int] { visits.indices.filter { visits[$0].entered != nil } }

  /// Keeps what happened until the object is believed.
  mutating func postpone(_ happenings: [Happening]) {
    guard !happenings.isEmpty else { return }
    pending += happenings
    // Something of little credit that has been going on for very long: visits go as a whole.
    while pending.count > Self.mostPending {
      guard case .entered(let zone) = pending.removeFirst().kind else { continue }
      let end = pending.firstIndex { if case .left(zone, _) = $0.kind { true } else { false } }
      if let end { pending.remove(at: end) } else { visits[zone] = ZoneVisit() }
    }
  }

  /// Follows a change of the frame's size.
  mutating func scale(_ factor: Point) {
    last.box = last.box.scaled(x: factor.x, y: factor.y)
    rest.scale(factor)
  }

  /// By time; what happened at the same time keeps its order.
  private static func inOrder(_ happenings: [Happening]) -> [Happening] {
    guard happenings.count > 1 else { return happenings }
    return happenings.indices.sorted {
      (happenings[$0].moment.time, $0) < (happenings[$1].moment.time, $1)
    }.map { happenings[$0] }
  }
}

extension FollowedObject.Happening.Kind {
  init(_ change: ZoneVisit.Change, _ zone: Int) {
    self =
      switch change {
      case .entered: .entered(zone)
      case .left(let dwell): .left(zone, dwell: dwell)
      case .loitered(let dwell): .loitered(zone, dwell: dwell)
      }
  }
}
