public import Foundation
public import Geometry

/// Something that happened to a tracked object.
///
/// Each object has one event, which starts, is updated and ends; its lines share the `id`.
public struct EventRecord: Hashable, Sendable {
  /// Which part of the event it is.
  public enum Phase: String, CaseIterable, Hashable, Sendable {
    /// The object was first seen.
    case start
    /// Something happened to it.
    case update
    /// The object was last seen.
    case end
  }

  /// What an update is about.
  public enum Change: String, CaseIterable, Hashable, Sendable {
    /// It entered a zone.
    case enter
    /// It left a zone.
    case leave
    /// It has been in a zone for so long that it loiters.
    case loiter
    /// It crossed a line.
    case cross
    /// It has stood still for some time.
    case stationary
    /// It moves again.
    case moving
  }

  /// In which direction a line was crossed.
  public enum Direction: String, CaseIterable, Hashable, Sendable {
    /// From the left of the line to its right.
    case `in`
    /// From the right of the line to its left.
    case out
  }

  /// The name of the source.
  public var source: String
  /// The same for all lines of the event, and in every run over the same source.
  public var id: String
  /// Which part of the event it is.
  public var phase: Phase
  /// What an update is about.
  public var change: Change?
  /// When it happened: seconds from the first frame.
  public var t: Double
  /// The index of the first frame at or after that time.
  public var frame: Int
  /// When that was, by the clock; live sources only.
  public var wall: Date?
  /// The name of the object's class.
  public var label: String
  /// The median of the object's last scores, 0 to 1.
  public var confidence: Double
  /// The number of its track in its source.
  public var trackID: Int
  /// Where it was, in displayed pixels.
  public var box: PixelBox
  /// All zones that it has been in so far, in the order in which it entered them.
  public var zones: [String]
  /// Whether it has stood still for some time.
  public var isStationary = false
  /// The zone of an update.
  public var zoneName: String?
  /// The line of an update.
  public var lineName: String?
  /// In which direction the line was crossed.
  public var direction: Direction?
  /// Seconds since it entered the zone.
  public var dwell: Double?
  /// How many objects are in the zone after the update.
  public var occupancy: Int?
  /// How often the line has been crossed in this direction, this time included.
  public var total: Int?
  /// Seconds from the first to the last sighting; of an end.
  public var duration: Double?
  /// The path of a recording.
  public var clip: String?
  /// The path of the best picture of its track, if it is written by then.
  public var snapshot: String?

  /// Creates a record of what every event has.
  public init(
    source: String, id: String, phase: Phase, change: Change? = nil, t: Double, frame: Int,
    wall: Date? = nil, label: String, confidence: Double, trackID: Int, box: PixelBox,
    zones: [String] = []
  ) {
    self.source = source
    self.id = id
    self.phase = phase
    self.change = change
    self.t = t
    self.frame = frame
    self.wall = wall
    self.label = label
    self.confidence = confidence
    self.trackID = trackID
    self.box = box
    self.zones = zones
  }
}

extension EventRecord: Decodable {
  /// Decodes a line.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    guard let phase = Phase(rawValue: try values.decode(String.self, forKey: .phase)),
      let box = PixelBox(try values.decode([Double].self, forKey: .bbox))
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .phase, in: values, debugDescription: "It has no usable 'phase' or 'bbox'.")
    }
    self.init(
      source: try values.decode(String.self, forKey: .source),
      id: try values.decode(String.self, forKey: .id), phase: phase,
      // What a later version adds is no reason to refuse the rest.
      change: try values.decodeIfPresent(String.self, forKey: .change).flatMap(Change.init),
      t: try values.decode(Double.self, forKey: .t),
      frame: try values.decode(Int.self, forKey: .frame),
      wall: try values.momentIfPresent(.wall),
      label: try values.decode(String.self, forKey: .label),
      confidence: try values.decode(Double.self, forKey: .confidence),
      trackID: try values.decode(Int.self, forKey: .trackID), box: box,
      zones: try values.decodeIfPresent([String].self, forKey: .zones) ?? [])
    isStationary = try values.decodeIfPresent(Bool.self, forKey: .stationary) ?? false
    zoneName = try values.decodeIfPresent(String.self, forKey: .zone)
    lineName = try values.decodeIfPresent(String.self, forKey: .line)
    direction = try values.decodeIfPresent(String.self, forKey: .direction).flatMap(Direction.init)
    dwell = try values.decodeIfPresent(Double.self, forKey: .dwell)
    occupancy = try values.decodeIfPresent(Int.self, forKey: .occupancy)
    total = try values.decodeIfPresent(Int.self, forKey: .total)
    duration = try values.decodeIfPresent(Double.self, forKey: .duration)
    clip = try values.decodeIfPresent(String.self, forKey: .clip)
    snapshot = try values.decodeIfPresent(String.self, forKey: .snapshot)
  }
}
