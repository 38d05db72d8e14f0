public import Annotations
internal import Media
public import Pipeline
internal import Support

/// Writes the results of a run as JSON lines (`stream-detect/1`), which `Record.jsonSchema`
/// describes.
///
/// Lines of live sources, and all lines on a terminal, are flushed one by one; others in blocks,
/// once a second and at the end of each source. Call `start()` before the run and `finish` after
/// it.
public final class JSONLinesSink: ResultSink {
  /// The path of the file; `-` is standard output.
  public var sinkName: String { file.path }
  private let file: OutputFile
  private let run: RunRecord
  private let labels: [String]
  private var json = JSONWriter()
  /// Live sources: the reader of the lines waits for each of them.
  private var live: Set<String> = []
  private var hasFailed = false
  private var lastFlush = ContinuousClock.now

  /// Creates a sink that writes to `file`; `labels` are the model's names by class id.
  public init(_ file: OutputFile, run: RunRecord, labels: [String]) {
    self.file = file
    self.run = run
    self.labels = labels
  }

  /// Writes the first line.
  ///
  /// - Throws: `SinkError` when it cannot be written.
  public func start() throws(SinkError) {
    run.write(to: &json)
    try endLine(flushing: true)
  }

  /// Writes the last line and gives the file its name; does nothing if writing has failed before.
  ///
  /// - Throws: `SinkError` when that fails.
  public func finish(_ summary: RunSummary, exitCode: Int) throws(SinkError) {
    guard !hasFailed else { return }
    SummaryRecord(summary, runID: run.runID ?? "", exitCode: exitCode).write(to: &json)
    try endLine(flushing: true)
    try file.finish()
  }

  /// Writes a `source` line.
  ///
  /// - Throws: `SinkError`, as the other calls do.
  public func sourceStarted(_ start: SourceStart) throws {
    if start.info.kind == .live { live.insert(start.source) }
    SourceRecord(start).write(to: &json)
    try endLine(flushing: file.isTerminal || !live.isEmpty)
  }

  /// Writes a `frame` line.
  public func frame(_ result: FrameResult) throws {
    FrameRecord(result, labels: labels).write(to: &json)
    try endLine(flushing: file.isTerminal || live.contains(result.source))
  }

  /// Writes a `gap` line.
  public func gap(_ gap: Gap) throws {
    GapRecord(gap).write(to: &json)
    try endLine(flushing: true)
  }

  /// Writes an `end` line.
  public func sourceEnded(_ end: SourceEnd) throws {
    live.remove(end.source)
    EndRecord(end).write(to: &json)
    try endLine(flushing: true)
  }

  private func endLine(flushing: Bool) throws(SinkError) {
    json.endLine()
    defer { json.removeAll() }
    do throws(SinkError) {
      try file.write(json.bytes)
      // The lines of a slow source, such as a camera behind standard input, must not wait in a
      // block.
      let now = ContinuousClock.now
      guard flushing || lastFlush.duration(to: now) > .seconds(1) else { return }
      lastFlush = now
      try file.flush()
    } catch {
      hasFailed = true
      throw error
    }
  }
}
