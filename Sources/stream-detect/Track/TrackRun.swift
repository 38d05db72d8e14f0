internal import Annotations
internal import Logging
internal import Output
internal import Support
internal import Tracking

/// One run of `track`.
struct TrackRun {
  private let command: TrackCommand
  private let logger: Logger

  init(_ command: TrackCommand) {
    self.command = command
    logger = command.report.makeLogger()
  }

  /// Reads the lines, and writes them with the numbers of tracks.
  ///
  /// - Throws: `AnnotationError` for a line that can't be read, `SinkError` when the output fails.
  func run() throws -> ExitStatus {
    let inputs =
      ([command.input] + command.zones.zones).filter { $0 != "-" } + command.video
    if !inputs.isEmpty { try refuseOverwriting(inputs, with: command.output) }
    let engine = try command.eventEngine()
    let isStopped = Locked(false)
    let signals = Signals(logger: logger, notice: "stopping; the lines so far are written") {
      isStopped.withLock { $0 = true }
    }
    let pictures = try command.snapshots.map { folder in
      try TrackSnapshots(command, folder: folder, logger: logger)
        .write(engine) { isStopped.withLock { $0 } }
    }
    if let status = signals.status { return status }
    let input = try LineInput(command.input)
    let file = try OutputFile(command.output)
    var trackers = TrackedSources(
      command, events: engine, writesFrames: !command.zones.eventsOnly, pictures: pictures ?? [:]
    ) { try file.write($0) }
    while !isStopped.withLock({ $0 }),
      let line = try input.next(
        isStopped: { isStopped.withLock { $0 } }, beforeWaiting: { try file.flush() })
    {
      try trackers.take(line, path: input.path, number: input.lineNumber)
    }
    try trackers.finish()
    try file.finish()
    if command.track == .keep, !trackers.hasTracks, signals.status == nil {
      logger.warning(
        """
        the lines have no tracks that --track keep could keep, so nothing has happened to any; leave \
        it out to track the objects
        """)
    }
    return signals.status ?? .complete
  }
}

/// The trackers of all sources whose lines come one after the other, or mixed.
struct TrackedSources {
  private let command: TrackCommand
  /// An engine that has seen nothing yet, if events are asked for.
  private var engine: EventEngine?
  private let writesFrames: Bool
  /// The pictures that the events name.
  private let pictures: TrackSnapshots.Paths
  private let write: ([UInt8]) throws -> Void
  private let namedInputs: NamedInputs
  private var trackers: [String: (number: Int, tracker: SourceTracker)] = [:]
  /// How many sources have come.
  private var count = 0
  /// Whether an object has a track, of those that were read.
  private(set) var hasTracks = false

  init(
    _ command: TrackCommand, events engine: EventEngine?, writesFrames: Bool,
    pictures: TrackSnapshots.Paths = [:], write: @escaping ([UInt8]) throws -> Void
  ) {
    self.command = command
    self.engine = engine
    self.writesFrames = writesFrames
    self.pictures = pictures
    self.write = write
    namedInputs = NamedInputs(output: command.output)
  }

  /// Takes in a line, and writes all that are finished with it.
  mutating func take(_ line: [UInt8], path: String, number: Int) throws {
    let whole = line + [UInt8(ascii: "\n")]
    switch try TrackableLine(line, path: path, number: number) {
    case .frame(let frame):
      if trackers[frame.source] == nil { begin(frame.source) }
      hasTracks = hasTracks || frame.objects.contains { $0.trackID != nil }
      do {
        try trackers[frame.source]?.tracker.take(frame, write: write)
      } catch let error as ZoneError {
        throw ProgramError(
          .usage, "\(path):\(number)", "\(error.subject): \(error.message)", remedy: error.remedy)
      }
    case .source(let name, let address, let timeBase, let rate):
      try namedInputs.check(address ?? name, in: command.input)
      try end(name)
      begin(name, timeBase: timeBase, rate: rate)
      try write(whole)
    case .end(let name):
      try end(name)
      try write(whole)
    case .event: break
    case .summary:
      try finish()
      try write(whole)
    case .run:
      if case .run(let run)? = try? Record.line(line, path: path, number: number),
        let classes = run.model?.classes
      {
        engine = try engine?.counting(classes, of: path)
      }
      try write(command.runLine(engine?.options).stated(in: line))
    case .other(let source):
      if let source, trackers[source] != nil {
        try trackers[source]?.tracker.pass(whole, write: write)
      } else {
        try write(whole)
      }
    }
  }

  /// Writes what still waits, in the order in which the sources came.
  mutating func finish() throws {
    for (name, _) in trackers.sorted(by: { $0.value.number < $1.value.number }) { try end(name) }
  }

  private mutating func begin(
    _ name: String, timeBase: SourceRecord.Fraction? = nil, rate: SourceRecord.Fraction? = nil
  ) {
    count += 1
    let tracker = SourceTracker(
      command.options.trackerOptions, mode: command.track,
      isSmoothed: command.options.trackBoxes == .smoothed,
      events: engine.map {
        SourceEvents($0, source: name, writesFrames: writesFrames, pictures: pictures[name] ?? [:])
      }, timeBase: timeBase, rate: rate)
    trackers[name] = (count, tracker)
  }

  private mutating func end(_ name: String) throws {
    guard var (_, tracker) = trackers.removeValue(forKey: name) else { return }
    try tracker.finish(write: write)
  }
}
