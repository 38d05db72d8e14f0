public import Annotations
public import Foundation
internal import Geometry
public import Tracking

extension EventRecord {
  /// The record of an event.
  ///
  /// - Parameters:
  ///   - event: What happened.
  ///   - source: The name of the source.
  ///   - origin: When the time of the source was zero, by the clock; live sources only.
  public init(_ event: ObjectEvent, source: String, origin: Date?) {
    self.init(
      source: source, id: event.id(in: source), phase: .update, t: event.time, frame: event.frame,
      wall: origin?.addingTimeInterval(event.time), label: event.label, confidence: event.score,
      trackID: event.trackID, box: event.box, zones: event.zones)
    isStationary = event.isStationary
    switch event.kind {
    case .started: phase = .start
    case .entered(let zone, let count): (change, zoneName, occupancy) = (.enter, zone, count)
    case .left(let zone, let seconds, let count):
      (change, zoneName, dwell, occupancy) = (.leave, zone, seconds, count)
    case .loitered(let zone, let seconds): (change, zoneName, dwell) = (.loiter, zone, seconds)
    case .crossed(let line, let way, let count):
      (change, lineName, total) = (.cross, line, count)
      direction = way == .in ? .in : .out
    case .stopped: change = .stationary
    case .moved: change = .moving
    case .ended(let seconds): (phase, duration) = (.end, seconds)
    }
  }
}
