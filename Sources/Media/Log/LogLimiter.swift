/// Limits how often a message is written, and reports how often it was repeated.
///
/// A damaged stream makes a decoder log thousands of lines that differ only in their numbers.
struct LogLimiter {
  /// A log message.
  struct Line: Equatable {
    var text: String
    var level: Int32
  }

  private struct Entry {
    var line: Line
    var since: Double
    var count = 0
  }

  private var entries: [String: Entry] = [:]
  private let interval: Double
  private let capacity: Int

  /// Writes each kind of message once per `interval` seconds; remembers `capacity` kinds.
  init(interval: Double = 10, capacity: Int = 64) {
    self.interval = interval
    self.capacity = capacity
  }

  /// Adds `line` at `now` seconds and returns the lines to write.
  mutating func admit(_ line: Line, now: Double) -> [Line] {
    var lines = expire(now: now)
    let kind = Self.kind(of: line.text)
    if entries[kind] != nil {
      entries[kind]?.count += 1
      entries[kind]?.line = line
    } else {
      lines += makeRoom()
      entries[kind] = Entry(line: line, since: now)
      lines.append(line)
    }
    return lines
  }

  /// The counts that are still held back.
  mutating func flush() -> [Line] {
    defer { entries.removeAll() }
    return entries.values.sorted { $0.since < $1.since }.compactMap(Self.summary)
  }

  private mutating func expire(now: Double) -> [Line] {
    let old = entries.filter { now - $0.value.since >= interval }
    for kind in old.keys { entries[kind] = nil }
    return old.values.sorted { $0.since < $1.since }.compactMap(Self.summary)
  }

  private mutating func makeRoom() -> [Line] {
    guard entries.count >= capacity,
      let oldest = entries.min(by: { $0.value.since < $1.value.since })
    else { return [] }
    entries[oldest.key] = nil
    return [Self.summary(oldest.value)].compactMap(\.self)
  }

  private static func summary(_ entry: Entry) -> Line? {
    guard entry.count > 0 else { return nil }
    let times = entry.count == 1 ? "repeated once" : "repeated \(entry.count) times"
    return Line(text: "\(entry.line.text) (\(times))", level: entry.line.level)
  }

  /// The text with every number replaced by `#`.
  private static func kind(of text: String) -> String {
    var kind = ""
    var isInNumber = false
    for character in text {
      let isDigit = character.isHexDigit && (isInNumber || character.isNumber)
      if !isDigit { kind.append(character) } else if !isInNumber { kind.append("#") }
      isInNumber = isDigit
    }
    return kind
  }
}
