public import Annotations
internal import Foundation
internal import Media
public import Pipeline
internal import Support
internal import Tracking

/// Writes the results of a run as JSON lines (`stream-detect/1`), which `Record.jsonSchema`
/// describes.
///
/// Lines of live sources, and all lines on a terminal, are flushed one by one; others in blocks,
/// once a second and at the end of each source. Call `start()` before the run and `finish` after
/// it.
///
/// With a rotation, each file begins with the lines of the run and of the sources that are open, so
/// that it can be read without those before it.
public final class JSONLinesSink: ResultSink {
  /// The path of the file; `-` is standard output.
  public var sinkName: String { file.path }
  private let file: OutputFile
  private let run: RunRecord
  private let labels: [String]
  private let content: Content
  private let writesFrames: Bool
  /// When the time of each live source was zero, by the clock.
  private var origins: [String: Date] = [:]
  private var json = JSONWriter()
  /// Live sources: the reader of the lines waits for each of them.
  private var live: Set<String> = []
  private let rotation: LineRotation?
  /// Sources that have started and not ended; kept only for a rotation.
  private var openSources: [SourceStart] = []
  /// Whether the file has anything but what each file begins with.
  private var hasResults: Bool
  private var hasFailed = false
  private var lastFlush = ContinuousClock.now
  private let snapshots: SnapshotLog?
  /// The number of frames and ends of sources so far: the time of `snapshots`.
  private var record = 0

  /// What the results of frames are.
  public enum Content: Sendable {
    /// Objects with boxes: `frame` lines.
    case objects
    /// Classes of the whole frame: `classes` lines.
    case classes
    /// Shares of classes in the frame's pixels: `segments` lines.
    case segments
  }

  /// Creates a sink that writes to `file`; `labels` are the model's names by class id.
  ///
  /// A `rotation` needs a file that is appended to. Without frames only their events are written.
  /// Events name the pictures of their tracks that are in `snapshots` by then; it has seen
  /// `recordsBefore` frames and ends of sources that this sink doesn't get.
  public init(
    _ file: OutputFile, run: RunRecord, labels: [String], content: Content = .objects,
    writesFrames: Bool = true, rotation: LineRotation? = nil, snapshots: SnapshotLog? = nil,
    recordsBefore: Int = 0
  ) {
    self.content = content
    self.writesFrames = writesFrames
    self.file = file
    self.run = run
    self.labels = labels
    self.rotation = rotation
    self.snapshots = snapshots
    record = recordsBefore
    hasResults = (file.size ?? 0) > 0
  }

  /// Writes the first line.
  ///
  /// - Throws: `SinkError` when it cannot be written.
  public func start() throws(SinkError) {
    run.write(to: &json)
    json.endLine()
    defer { json.removeAll() }
    try guarded { () throws(SinkError) in
      _ = try putAside(adding: json.bytes.count)
      try file.write(json.bytes)
      try file.flush()
    }
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
    defer { if rotation != nil { openSources.append(start) } }
    SourceRecord(start).write(to: &json)
    try endLine(flushing: file.isTerminal || !live.isEmpty)
  }

  /// Writes a `frame`, a `classes` or a `segments` line, and an `event` line for each event.
  public func frame(_ result: FrameResult) throws {
    record += 1
    let isFlushing = file.isTerminal || live.contains(result.source)
    if writesFrames {
      switch content {
      case .objects: FrameRecord(result, labels: labels).write(to: &json)
      case .classes: ClassesRecord(result, labels: labels).write(to: &json)
      case .segments: SegmentsRecord(result, labels: labels).write(to: &json)
      }
      try endLine(flushing: isFlushing)
    }
    if let wall = result.wall { origins[result.source] = wall.addingTimeInterval(-result.t) }
    try write(result.events, of: result.source, flushing: isFlushing)
  }

  private func write(
    _ events: [ObjectEvent], of source: String, flushing isFlushing: Bool
  ) throws {
    for event in events {
      var line = EventRecord(event, source: source, origin: origins[source])
      line.snapshot = snapshots?.path(ofTrack: event.trackID, in: source, upTo: record)
      line.write(to: &json)
      try endLine(flushing: isFlushing)
    }
  }

  /// Writes a `gap` line.
  public func gap(_ gap: Gap) throws {
    GapRecord(gap).write(to: &json)
    try endLine(flushing: true)
  }

  /// Writes the last `event` lines and an `end` line.
  public func sourceEnded(_ end: SourceEnd) throws {
    record += 1
    try write(end.events, of: end.source, flushing: false)
    snapshots?.forget(end.source, upTo: record)
    origins[end.source] = nil
    live.remove(end.source)
    openSources.removeAll { $0.source == end.source }
    var record = EndRecord(end)
    // Classes of whole frames and of pixels are no objects.
    if content != .objects { record.objects = 0 }
    record.write(to: &json)
    try endLine(flushing: true)
  }

  private func endLine(flushing: Bool) throws(SinkError) {
    json.endLine()
    defer { json.removeAll() }
    try guarded { () throws(SinkError) in
      if try putAside(adding: json.bytes.count) { try file.write(beginning()) }
      hasResults = true
      try file.write(json.bytes)
      // The lines of a slow source, such as a camera behind standard input, must not wait in a
      // block.
      let now = ContinuousClock.now
      guard flushing || lastFlush.duration(to: now) > .seconds(1) else { return }
      lastFlush = now
      try file.flush()
    }
  }

  /// Remembers that writing has failed.
  private func guarded(_ body: () throws(SinkError) -> Void) throws(SinkError) {
    do throws(SinkError) {
      try body()
    } catch {
      hasFailed = true
      throw error
    }
  }

  /// Begins a new file if it is time to, and says whether it was.
  private func putAside(adding count: Int) throws(SinkError) -> Bool {
    guard let rotation, hasResults, let size = file.size, let begun = file.begun,
      rotation.isDue(size: size, adding: count, begun: begun)
    else { return false }
    try file.rotate(to: LineRotation.names(for:begun:))
    hasResults = false
    return true
  }

  /// What each file begins with.
  private func beginning() -> [UInt8] {
    var json = JSONWriter()
    run.write(to: &json)
    json.endLine()
    for source in openSources {
      SourceRecord(source).write(to: &json)
      json.endLine()
    }
    return json.bytes
  }
}
