internal import Support

/// The part of a page's data that is about events, lines and zones.
struct PageEvents {
  private let source: SourceDigest
  private let rankOf: [Int]
  private let events: [EventDigest]

  /// Shows this share of the events, the first ones.
  init(_ source: SourceDigest, rankOf: [Int], share: Double) {
    self.source = source
    self.rankOf = rankOf
    let count = Int(Double(source.events.count) * share)
    events = source.events.prefix(count).enumerated().sorted {
      ($0.element.t, $0.offset) < ($1.element.t, $1.offset)
    }.map(\.element)
  }

  func write(to json: inout JSONWriter) {
    json.key("events")
    if events.isEmpty { json.null() } else { writeEvents(to: &json) }
    source.writePlaces(to: &json, text: shown)
  }

  private func writeEvents(to json: inout JSONWriter) {
    var names = Names()
    let what = events.map { names.number(of: $0.what) }
    let places = events.map { event in event.place.map { names.number(of: $0) } ?? -1 }
    let directions = events.map { event in event.direction.map { names.number(of: $0) } ?? -1 }
    json.beginObject()
    json.field("names", names.all.map(shown))
    json.field("t", differences(events.map { centiseconds($0.t) }))
    json.field("what", what)
    json.field("place", places)
    json.field("direction", directions)
    json.field("class", events.map { rankOf[$0.classIndex] })
    json.key("track")
    json.beginArray()
    for event in events {
      if let id = event.trackID { json.integer(id) } else { json.null() }
    }
    json.endArray()
    json.field("dwell", events.map { event in event.dwell.map(hundredths) ?? -1 })
    json.endObject()
  }

  private func hundredths(_ seconds: Double) -> Int { centiseconds(min(max(seconds, 0), 3.2e9)) }

  /// Names, each once.
  private struct Names {
    var all: [String] = []
    private var numbers: [String: Int] = [:]

    mutating func number(of name: String) -> Int {
      if let number = numbers[name] { return number }
      numbers[name] = all.count
      all.append(name)
      return all.count - 1
    }
  }
}
