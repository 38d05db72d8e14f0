package import Support

extension EventRecord {
  package enum Key: String, RecordKey {
    case type, source, id, phase, change, t, frame, wall, label, confidence
    case trackID = "track_id"
    case bbox, zones, stationary, zone, line, direction, dwell, occupancy, total, duration, clip
    case snapshot

    package var isOptional: Bool {
      switch self {
      case .type, .source, .id, .phase, .t, .frame, .label, .confidence, .trackID, .bbox, .zones:
        false
      default: true
      }
    }

    package var schema: String {
      switch self {
      case .type: Schema.kind(.event)
      case .source: Schema.string
      case .id:
        Schema.described(
          "source and number of the track; the same in every run", #""type": "string""#)
      case .phase: Schema.values(of: Phase.self)
      case .change:
        #"{"description": "what an update is about", "enum": \#(Schema.list(of: Change.self))}"#
      case .t: Schema.described("when it happened; as in frames", #""type": "number""#)
      case .frame:
        Schema.described("first frame at or after t", ##""$ref": "#/$defs/count""##)
      case .wall: Schema.described("live sources only", ##""$ref": "#/$defs/time""##)
      case .label: Schema.string
      case .confidence:
        Schema.described(
          "median of the last scores", #""type": "number", "minimum": 0, "maximum": 1"#)
      case .trackID: Schema.positive
      case .bbox: Schema.reference("bbox")
      case .zones:
        Schema.described(
          "all that it has been in so far, in order",
          #""type": "array", "items": {"type": "string"}"#)
      case .stationary: Schema.described("it has stood still for some time", #""const": true"#)
      case .zone: Schema.described("of enter, leave, loiter", #""type": "string""#)
      case .line: Schema.described("of cross", #""type": "string""#)
      case .direction: Schema.values(of: Direction.self)
      case .dwell:
        Schema.described(
          "of leave, loiter: seconds since enter", #""type": "number", "minimum": 0"#)
      case .occupancy:
        Schema.described(
          "of enter, leave: objects in the zone after it", ##""$ref": "#/$defs/count""##)
      case .total:
        Schema.described(
          "of cross: crossings in this direction so far", #""type": "integer", "minimum": 1"#)
      case .duration:
        Schema.described(
          "of end: seconds from first to last sighting", #""type": "number", "minimum": 0"#)
      case .clip: Schema.string
      case .snapshot:
        Schema.described(
          "path of the track's best picture, once it is written", #""type": "string""#)
      }
    }
  }

  /// Writes the record as one JSON object.
  package func write(to json: inout JSONWriter) {
    json.beginObject()
    json.field(Key.type, Record.Kind.event.rawValue)
    json.field(Key.source, source)
    json.field(Key.id, id)
    json.field(Key.phase, phase.rawValue)
    if let change { json.field(Key.change, change.rawValue) }
    json.field(Key.t, t, decimals: 6)
    json.field(Key.frame, frame)
    if let wall { json.field(Key.wall, wall) }
    json.field(Key.label, label)
    json.field(Key.confidence, confidence, decimals: 4)
    json.field(Key.trackID, trackID)
    json.key(Key.bbox)
    box.write(to: &json)
    json.field(Key.zones, zones)
    if isStationary { json.field(Key.stationary, true) }
    if let zoneName { json.field(Key.zone, zoneName) }
    if let lineName { json.field(Key.line, lineName) }
    if let direction { json.field(Key.direction, direction.rawValue) }
    if let dwell { json.field(Key.dwell, dwell, decimals: 6) }
    if let occupancy { json.field(Key.occupancy, occupancy) }
    if let total { json.field(Key.total, total) }
    if let duration { json.field(Key.duration, duration, decimals: 6) }
    if let clip { json.field(Key.clip, clip) }
    if let snapshot { json.field(Key.snapshot, snapshot) }
    json.endObject()
  }
}

extension EventRecord {
  /// The record as a line, with the line end.
  public func line() -> [UInt8] {
    var json = JSONWriter()
    write(to: &json)
    json.endLine()
    return json.bytes
  }
}
