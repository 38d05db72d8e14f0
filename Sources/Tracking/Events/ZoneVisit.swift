internal import Geometry

/// What is known of an object and a zone.
///
/// An object is in a zone as soon as its anchor is. It leaves when the anchor is outside by more
/// than a margin, so that a box which jitters on the border neither leaves nor enters.
struct ZoneVisit: Sendable {
  enum Change {
    case entered
    case left(dwell: Double)
    case loitered(dwell: Double)
  }

  /// Whether the anchor was inside when the object was last seen; `nil` if that isn't known.
  private var isOver: Bool?
  /// Since when it has been in the zone.
  private(set) var entered: Moment?
  /// When the anchor left, if the object may have left with it.
  private var exit: Moment?
  private var hasLoitered = false

  /// Takes in the way of the object.
  mutating func follow(
    _ way: Way, _ zone: Zone, _ shape: PlacedZones.Shape,
    note: (Change, Moment) -> Void
  ) {
    let to = zone.anchor.point(of: way.now.box)
    let from = way.before.map { zone.anchor.point(of: $0.box) } ?? to
    if isOver == false, entered == nil, !shape.isNear(from, to, margin: 0) { return }
    let isInside = shape.edges.contains(to, tolerance: 1e-6)
    if let isOver {
      walk(way, from, to, shape, wasInside: isOver, isInside: isInside, note)
    } else if isInside {
      enter(way.now, note)
    }
    isOver = isInside
    if exit != nil, !isInside, shape.edges.distance(to: to) > way.margin {
      finish(at: way.now, note)
    }
    loiter(zone, way, note)
  }

  /// Ends the visit, if there is one: when the anchor left, or else at a moment.
  mutating func finish(at moment: Moment, _ note: (Change, Moment) -> Void) {
    if let entered {
      let left = exit ?? moment
      note(.left(dwell: left.time - entered.time), left)
    }
    self = ZoneVisit()
    isOver = false
  }

  /// Forgets the object, whose class doesn't count any more.
  mutating func leave(at moment: Moment, _ note: (Change, Moment) -> Void) {
    finish(at: moment, note)
    isOver = nil
  }

  private mutating func walk(
    _ way: Way, _ from: Point, _ to: Point, _ shape: PlacedZones.Shape, wasInside: Bool,
    isInside: Bool, _ note: (Change, Moment) -> Void
  ) {
    var shares = shape.edges.crossings(from: from, to: to).map(\.share)
    // The border belongs to the zone, and rounding may see a crossing that isn't one.
    if (shares.count % 2 == 1) != (wasInside != isInside) {
      if shares.isEmpty { shares.append(wasInside ? 0 : 1) } else { shares.removeLast() }
    }
    var inside = wasInside
    for share in shares {
      inside.toggle()
      let moment = way.moment(at: share)
      if !inside {
        exit = moment
      } else {
        // A short way outside, as long as it isn't far.
        exit = nil
        if entered == nil { enter(moment, note) }
      }
    }
  }

  private mutating func enter(_ moment: Moment, _ note: (Change, Moment) -> Void) {
    entered = moment
    note(.entered, moment)
  }

  private mutating func loiter(_ zone: Zone, _ way: Way, _ note: (Change, Moment) -> Void) {
    guard let limit = zone.loiterTime, let entered, exit == nil, !hasLoitered,
      way.now.time - entered.time >= limit
    else { return }
    hasLoitered = true
    var moment = way.now
    moment.time = entered.time + limit
    moment.frame = way.frames.first(atOrAfter: moment.time) ?? moment.frame
    note(.loitered(dwell: limit), moment)
  }
}
