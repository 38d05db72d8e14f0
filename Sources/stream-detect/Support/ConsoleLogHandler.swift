internal import Foundation
internal import Logging
internal import Output
internal import Support

/// Writes log messages to standard error, as text or as JSON objects.
struct ConsoleLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel: Logger.Level
  private let isJSON: Bool

  init(level: Logger.Level, isJSON: Bool) {
    logLevel = level
    self.isJSON = isJSON
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
      .sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
    let text =
      isJSON
      ? json(event.level, "\(event.message)", all) : plain(event.level, "\(event.message)", all)
    Console.standardError.writeLine(text)
  }

  private func plain(
    _ level: Logger.Level, _ message: String, _ metadata: [(String, String)]
  ) -> String {
    let tail = metadata.map { " \($0)=\($1)" }.joined()
    return printable("stream-detect: \(level.rawValue): \(message)\(tail)")
  }

  private func json(
    _ level: Logger.Level, _ message: String, _ metadata: [(String, String)]
  ) -> String {
    var json = JSONWriter()
    json.beginObject()
    json.field("type", "log")
    json.field("time", Timestamp.text(Date()))
    json.field("level", level.rawValue)
    json.field("message", message)
    for (key, value) in metadata { json.field(key, value) }
    json.endObject()
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
