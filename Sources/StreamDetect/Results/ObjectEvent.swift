public import Foundation
internal import Geometry
internal import Tracking

/// Something that happened to an object that is tracked.
public struct ObjectEvent: Hashable, Sendable {
  /// In which direction a line was crossed.
  public enum Direction: Hashable, Sendable {
    /// From the left of the line to its right.
    case `in`
    /// From the right of the line to its left.
    case out
  }

  /// What happened.
  public enum Kind: Hashable, Sendable {
    /// It was seen for the first time.
    case started
    /// It entered a zone, in which so many objects are then.
    case entered(zone: String, occupancy: Int)
    /// It left a zone after so many seconds; so many objects are still in it.
    case left(zone: String, dwell: Double, occupancy: Int)
    /// It has been in a zone for as long as the zone calls loitering.
    case loitered(zone: String, dwell: Double)
    /// It crossed a line, as the `total`th in this direction.
    case crossed(line: String, direction: Direction, total: Int)
    /// It has stood still for ten seconds.
    case stopped
    /// It moves again.
    case moved
    /// It was seen for the last time, so many seconds after it had started.
    case ended(duration: Double)
  }

  /// What happened.
  public let kind: Kind
  /// The name of the source.
  public let source: String
  /// What all events of the object have in common, the same in every run.
  public let id: String
  /// The number of its track in the source.
  public let trackID: Int
  /// When it happened: seconds from the first frame of the source.
  ///
  /// An event may be told later: that somebody has left is known some seconds after the last
  /// sighting.
  public let time: Double
  /// When that was, by the clock; live sources only.
  public let wallTime: Date?
  /// The place of the first frame at or after that time among all frames of the source.
  public let frameIndex: Int
  /// The name of the object's class.
  public let label: String
  /// The median of its last ten confidences, 0 to 1.
  public let confidence: Double
  /// Where it was, in pixels.
  public let box: PixelRectangle
  /// All zones that it has been in so far, in the order in which it entered them.
  public let zones: [String]
  /// Whether it has stood still for ten seconds.
  public let isStationary: Bool

  /// `origin` is when the time of a live source was zero, by the clock.
  init(_ event: Tracking.ObjectEvent, source: String, origin: Date?) {
    self.source = source
    kind = Kind(event.kind)
    id = event.id(in: source)
    trackID = event.trackID
    time = event.time
    wallTime = origin?.addingTimeInterval(event.time)
    frameIndex = event.frame
    label = event.label
    confidence = event.score
    box = PixelRectangle(
      x: event.box.x, y: event.box.y, width: event.box.width, height: event.box.height)
    zones = event.zones
    isStationary = event.isStationary
  }
}

extension ObjectEvent.Kind {
  init(_ kind: Tracking.ObjectEvent.Kind) {
    self =
      switch kind {
      case .started: .started
      case .entered(let zone, let occupancy): .entered(zone: zone, occupancy: occupancy)
      case .left(let zone, let dwell, let occupancy):
        .left(zone: zone, dwell: dwell, occupancy: occupancy)
      case .loitered(let zone, let dwell): .loitered(zone: zone, dwell: dwell)
      case .crossed(let line, let direction, let total):
        .crossed(line: line, direction: direction == .in ? .in : .out, total: total)
      case .stopped: .stopped
      case .moved: .moved
      case .ended(let duration): .ended(duration: duration)
      }
  }
}
