internal import Annotations
internal import Foundation
internal import Geometry
internal import Output
internal import Tracking

/// Finds the events in the frames of one source, and writes frames and events.
struct SourceEvents {
  private let source: String
  private var engine: EventEngine
  private let writesFrames: Bool
  /// The pictures of tracks, by their numbers.
  private let pictures: [Int: String]
  /// When the time of a live source was zero, by the clock.
  private var origin: Date?

  init(_ engine: EventEngine, source: String, writesFrames: Bool, pictures: [Int: String] = [:]) {
    self.engine = engine
    self.source = source
    self.writesFrames = writesFrames
    self.pictures = pictures
  }

  /// Checks that zones and lines can be placed in the first frame.
  ///
  /// - Throws: `ZoneError`.
  func check(firstFrame size: FrameSize?) throws(ZoneError) {
    try engine.check(firstFrame: size)
  }

  /// Writes a frame whose objects have their tracks, and the events that are known with it.
  ///
  /// `earlier` is what was seen of tracks before they had their number.
  mutating func take(
    _ frame: FrameRecord, at time: Double, size: FrameSize?,
    earlier: [Int: [EarlierSighting]] = [:], write: ([UInt8]) throws -> Void
  ) throws {
    if let wall = frame.wall { origin = wall.addingTimeInterval(-time) }
    let events = try engine.update(
      frame.objects.compactMap { object in
        object.trackID.map {
          var sighted = SightedObject(
            trackID: $0, box: object.box, score: object.confidence, label: object.label,
            isPredicted: object.isPredicted)
          sighted.earlier = earlier[$0] ?? []
          return sighted
        }
      }, at: time, frame: frame.index, size: size)
    if writesFrames {
      var frame = frame
      for index in frame.objects.indices {
        let id = frame.objects[index].trackID
        frame.objects[index].zones = id.map { engine.zones(of: $0) } ?? []
      }
      try write(frame.line())
    }
    try self.write(events, write)
  }

  /// Writes the ends of all objects; the next frame begins anew.
  mutating func finish(write: ([UInt8]) throws -> Void) throws {
    try self.write(engine.finish(), write)
  }

  private func write(_ events: [ObjectEvent], _ write: ([UInt8]) throws -> Void) throws {
    for event in events {
      var record = EventRecord(event, source: source, origin: origin)
      record.snapshot = pictures[event.trackID]
      try write(record.line())
    }
  }
}
