internal import Geometry

/// Tells what happens to tracked objects: they come and go, enter and leave zones, cross lines,
/// and stand still.
///
///     var engine = try EventEngine(EventOptions(zones: [door]))
///     for frame in frames {
///       let events = try engine.update(frame.objects, at: frame.seconds, frame: frame.index)
///     }
///     let rest = engine.finish()
///
/// It has no clock: time passes with the frames. Where an object was between two sightings follows
/// from the straight way between them, so fast objects and low frame rates count, too. An event may
/// be told later than it happened: its time says when that was. Every object that starts ends, and
/// leaves each zone that it has entered.
public struct EventEngine: Sendable {
  /// What it looks for.
  public let options: EventOptions
  /// The state of zones and lines, as far as it has been told.
  public private(set) var counts: ZoneCounts

  private var placed: PlacedZones
  private var frames = FrameTimes()
  private var now: Double?
  private var frameCount = 0
  /// In the order in which they were first seen.
  private var objects: [FollowedObject] = []
  private var places: [Int: Int] = [:]
  private var labels: [String] = []
  private var labelNumbers: [String: Int] = [:]
  private var endings = RecentEndings()

  /// Creates an engine that has seen nothing yet.
  ///
  /// - Throws: `ZoneError` for two zones, or two lines, of one name.
  public init(_ options: EventOptions = EventOptions()) throws(ZoneError) {
    self.options = options
    placed = try PlacedZones(options.zones, options.lines)
    counts = ZoneCounts(options)
  }

  /// Takes in the objects of the next frame.
  ///
  /// Objects with numbers that can't be used, and the second one with the same track, are ignored.
  ///
  /// - Parameters:
  ///   - objects: The objects with tracks, in any order.
  ///   - time: When the frame is shown, in seconds. A time before that of the last frame is taken
  ///     for the same.
  ///   - frame: The number of the frame.
  ///   - size: The size of the frame, if it is known.
  /// - Returns: What is known with this frame, by object; what happened to one object is in order.
  /// - Throws: `ZoneError` for a zone or a line that can't be placed in the first frame.
  public mutating func update(
    _ objects: [SightedObject], at time: Double, frame: Int, size: FrameSize? = nil
  ) throws(ZoneError) -> [ObjectEvent] {
    let factor = try placed.place(in: size.flatMap { $0.isUsable ? $0 : nil })
    if now == nil || factor != nil { counts.place(placed) }
    if let factor { for index in self.objects.indices { self.objects[index].scale(factor) } }
    let last = now ?? (time.isFinite ? time : 0)
    let time = time.isFinite ? max(time, last) : last
    now = time
    frameCount += 1
    frames.add(frame, at: time, keeping: 3 * options.endAfter + 1)
    var events: [ObjectEvent] = []
    end(at: time, &events)
    for object in inOrder(objects) where object.isUsable && !object.isPredicted {
      seeEarlier(object, before: time, &events)
      see(object, Moment(time: time, frame: frame, box: object.box), &events)
    }
    return events
  }

  /// Ends all objects that are left; the next frame begins anew, with all counts at zero.
  public mutating func finish() -> [ObjectEvent] {
    var events: [ObjectEvent] = []
    for index in objects.indices { end(index, &events) }
    objects = []
    places = [:]
    endings = RecentEndings()
    frames = FrameTimes()
    now = nil
    counts = ZoneCounts(options)
    return events
  }

  /// Checks that zones and lines can be placed in the first frame.
  ///
  /// - Throws: `ZoneError`, as the first call of `update(_:at:frame:size:)` would.
  public func check(firstFrame size: FrameSize?) throws(ZoneError) {
    var placed = placed
    _ = try placed.place(in: size.flatMap { $0.isUsable ? $0 : nil })
  }

  /// The names of the zones in which the object with a track is now.
  public func zones(of trackID: Int) -> [String] {
    guard !options.zones.isEmpty, let place = places[trackID] else { return [] }
    return objects[place].zones.map { options.zones[$0].name }
  }

  private func inOrder(_ objects: [SightedObject]) -> [SightedObject] {
    let isSorted = zip(objects, objects.dropFirst()).allSatisfy { $0.trackID <= $1.trackID }
    return isSorted
      ? objects
      : objects.indices.sorted { (objects[$0].trackID, $0) < (objects[$1].trackID, $1) }
        .map { objects[$0] }
  }

  // MARK: - Life

  /// Takes in what was seen of an object before it had its track.
  private mutating func seeEarlier(
    _ object: SightedObject, before time: Double, _ events: inout [ObjectEvent]
  ) {
    guard !object.earlier.isEmpty, places[object.trackID] == nil else { return }
    for sighting in object.earlier {
      let earlier = object.at(sighting)
      let last = places[object.trackID].map { objects[$0].last.time } ?? -.infinity
      guard earlier.isUsable, sighting.time > last, sighting.time < time,
        let frame = frames.first(atOrAfter: sighting.time)
      else { continue }
      see(earlier, Moment(time: sighting.time, frame: frame, box: sighting.box), &events)
      if let place = places[object.trackID] { objects[place].frameCount = 0 }
    }
  }

  private mutating func see(
    _ object: SightedObject, _ moment: Moment, _ events: inout [ObjectEvent]
  ) {
    let classID = number(of: object.label)
    let known = places[object.trackID]
    let place = known ?? objects.count
    if known == nil {
      places[object.trackID] = place
      objects.append(
        FollowedObject(
          object, classID: classID, appearance: 1 + endings.count(of: object.trackID), at: moment,
          options))
    } else if objects[place].frameCount == frameCount {
      return
    }
    objects[place].frameCount = frameCount
    objects[place].see(classID: classID, score: object.score, isFirst: known == nil)
    let way = Way(
      before: known == nil ? nil : objects[place].last, now: moment,
      margin: options.margin * max(object.box.area, 0).squareRoot(), frames: frames)
    let happenings = objects[place].follow(
      way, label: labels[objects[place].votes.winner], options, placed)
    if !objects[place].isConfirmed {
      let scores = objects[place].scores
      guard scores.total >= 3, scores.median >= options.confirmScore else {
        objects[place].postpone(happenings)
        return
      }
      objects[place].isConfirmed = true
      events.append(event(.started, objects[place].first, of: place))
      let pending = objects[place].pending
      objects[place].pending = []
      for happening in pending { tell(happening, of: place, &events) }
    }
    for happening in happenings { tell(happening, of: place, &events) }
  }

  /// Ends the objects that weren't seen for too long.
  private mutating func end(at time: Double, _ events: inout [ObjectEvent]) {
    var ended: Set<Int> = []
    for index in objects.indices {
      let limit = options.endAfter * (objects[index].rest.isStationary ? 3 : 1)
      guard time - objects[index].last.time > limit else { continue }
      end(index, &events)
      ended.insert(objects[index].trackID)
    }
    guard !ended.isEmpty else { return }
    objects.removeAll { ended.contains($0.trackID) }
    places.removeAll(keepingCapacity: true)
    for (index, object) in objects.enumerated() { places[object.trackID] = index }
  }

  private mutating func end(_ place: Int, _ events: inout [ObjectEvent]) {
    let happenings = objects[place].finish()
    guard objects[place].isConfirmed else { return }
    for happening in happenings { tell(happening, of: place, &events) }
    let (first, last) = (objects[place].first, objects[place].last)
    events.append(event(.ended(duration: last.time - first.time), last, of: place))
    endings.add(objects[place].trackID)
  }

  private mutating func number(of label: String) -> Int {
    if let number = labelNumbers[label] { return number }
    labelNumbers[label] = labels.count
    labels.append(label)
    return labels.count - 1
  }

  // MARK: - Events

  /// Adds the event of something that happened, and counts it.
  private mutating func tell(
    _ happening: FollowedObject.Happening, of place: Int, _ events: inout [ObjectEvent]
  ) {
    let kind: ObjectEvent.Kind
    switch happening.kind {
    case .entered(let zone):
      counts.zones[zone].occupancy += 1
      if !objects[place].entered.contains(zone) { objects[place].entered.append(zone) }
      kind = .entered(zone: options.zones[zone].name, occupancy: counts.zones[zone].occupancy)
    case .left(let zone, let dwell):
      counts.zones[zone].occupancy -= 1
      kind = .left(
        zone: options.zones[zone].name, dwell: dwell, occupancy: counts.zones[zone].occupancy)
    case .loitered(let zone, let dwell):
      kind = .loitered(zone: options.zones[zone].name, dwell: dwell)
    case .crossed(let line, let direction):
      let total = counts.lines[line].add(direction)
      kind = .crossed(line: options.lines[line].name, direction: direction, total: total)
    case .stopped: kind = .stopped
    case .moved: kind = .moved
    }
    events.append(event(kind, happening.moment, of: place))
  }

  private func event(_ kind: ObjectEvent.Kind, _ moment: Moment, of place: Int) -> ObjectEvent {
    let object = objects[place]
    return ObjectEvent(
      kind: kind, trackID: object.trackID, appearance: object.appearance, time: moment.time,
      frame: moment.frame, label: labels[object.votes.winner], score: object.scores.median,
      box: moment.box, zones: object.entered.map { options.zones[$0].name },
      isStationary: object.rest.isStationary && kind != .started)
  }
}
