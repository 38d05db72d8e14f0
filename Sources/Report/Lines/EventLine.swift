internal import Annotations

/// What an `event` line tells: something that happened to one object.
///
/// Each key may be missing; what a reader can't do without, it checks itself.
struct EventLine {
  var source: String
  var id: String
  /// `start`, `update` or `end`.
  var phase: String
  /// What an update is about: `enter`, `leave`, `cross` and so on.
  var change: String?
  var t: Double?
  var label: String
  var confidence: Double?
  var trackID: Int?
  var zone: String?
  var line: String?
  var direction: String?
  /// Seconds in a zone.
  var dwell: Double?

  init(_ values: KeyedDecodingContainer<EventRecord.Key>) {
    source = values.loose(String.self, .source) ?? ""
    id = values.loose(String.self, .id) ?? ""
    phase = values.loose(String.self, .phase) ?? ""
    change = values.loose(String.self, .change)
    t = values.loose(Double.self, .t)
    label = values.loose(String.self, .label) ?? "object"
    confidence = values.loose(Double.self, .confidence)
    trackID = values.loose(Int.self, .trackID)
    zone = values.loose(String.self, .zone)
    line = values.loose(String.self, .line)
    direction = values.loose(String.self, .direction)
    dwell = values.loose(Double.self, .dwell)
  }

  /// Whether it is an update about this.
  func tells(_ change: EventRecord.Change) -> Bool { self.change == change.rawValue }

  /// What happened, in one word.
  var what: String { change ?? phase }
}
