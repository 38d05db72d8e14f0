internal import Annotations
internal import Media
internal import Output
internal import Pipeline
internal import Support

/// Prints the classes of each frame to standard output, for people or as JSON.
final class ClassPrinter: ResultSink {
  private let output: OutputFile
  private let labels: [String]
  private let isJSON: Bool
  /// Sources of a single picture: their frames need no time.
  private var pictures: Set<String> = []
  private var lastFlush = ContinuousClock.now

  /// Opens standard output.
  ///
  /// - Throws: `SinkError`.
  init(labels: [String], isJSON: Bool) throws(SinkError) {
    output = try OutputFile("-")
    self.labels = labels
    self.isJSON = isJSON
  }

  /// Writes what is left.
  ///
  /// - Throws: `SinkError`.
  func finish() throws(SinkError) { try output.finish() }

  func sourceStarted(_ start: SourceStart) {
    if start.info.kind == .image { pictures.insert(start.source) }
  }

  func frame(_ result: FrameResult) throws {
    let record = ClassesRecord(result, labels: labels)
    try output.write(Array((isJSON ? line(record) : text(record)).utf8))
    // The lines of a slow source must not wait in a block.
    let now = ContinuousClock.now
    guard output.isTerminal || lastFlush.duration(to: now) > .seconds(1) else { return }
    lastFlush = now
    try output.flush()
  }

  func sourceEnded(_ end: SourceEnd) throws {
    pictures.remove(end.source)
    try output.flush()
  }

  private func text(_ record: ClassesRecord) -> String {
    let time =
      pictures.contains(record.source)
      ? "" : "  frame \(record.index), \(decimals(record.t ?? 0, 3)) s"
    let rows = record.classes.map { ["  " + decimals($0.confidence, 4), $0.label] }
    return ([printable(record.source) + time] + aligned(rows, leftColumns: 2))
      .joined(separator: "\n") + "\n"
  }

  private func line(_ record: ClassesRecord) -> String {
    var json = JSONWriter()
    record.write(to: &json)
    return String(decoding: json.bytes, as: UTF8.self) + "\n"
  }
}
