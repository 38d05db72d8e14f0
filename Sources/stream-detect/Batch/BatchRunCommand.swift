internal import ArgumentParser
internal import Output
internal import StreamDetect

/// `stream-detect batch`, the command that does the work.
struct BatchRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Does the sources that have no receipt yet (the default).",
    usage: "stream-detect batch SOURCE… -o OUT/ [OPTIONS]",
    discussion: """
      EXAMPLES:
        stream-detect batch archive/ --recursive -o results/
        stream-detect batch @archive.jsonl -o results/ --fps 2 --shard 1/7
        stream-detect batch @archive.txt -o results/ --shard auto      # in an array job
        stream-detect batch status results/

      A source is finished when its receipt is beside its result. A rerun does what has none, or \
      one for another file, model or other options, and nothing else. It may be killed at any \
      time, and several workers may share OUT/.

      EXIT CODES:
        0     every source complete
        2     usage or configuration
        3     all done, but some sources are bad for good (--retry-failed tries them again)
        4     some sources may succeed later: run it again
        5     model missing, invalid or checksum wrong
        6     output failed: disk full, say; what was finished stays
        7     stopped by a signal before all was done: run it again

      After SIGTERM, SIGINT or SIGHUP no other source is begun; those in work have three quarters \
      of --grace to end and are thrown away then. A second signal ends the program at once.
      """)

  @OptionGroup(title: "Sources") var source: BatchSourceOptions
  @OptionGroup(title: "Work") var work: BatchWorkOptions
  @OptionGroup(title: "Output") var output: BatchOutputOptions
  @OptionGroup(title: "Frames") var selection: SelectionOptions
  @OptionGroup(title: "Frames") var views: ViewOptions
  @OptionGroup(title: "Frames") var areas: AreaOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Objects") var scores: ScoreOptions
  @OptionGroup(title: "Tracks") var tracking: DetectTrackOptions
  @OptionGroup(title: "Tracks") var tracks: TrackOptions
  @OptionGroup(title: "Zones and events") var zones: ZoneOptions
  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func validate() throws {
    if tracking.track == .off, output.snapshots != nil {
      throw ValidationError(
        "--snapshots is one picture of each track, and --track off has none; leave it out.")
    }
    guard tracking.track == .offline, let option = output.pictureOption else { return }
    throw ValidationError(
      "--track offline finishes a frame seconds later, and the pictures of \(option) can't wait; "
        + "use --track online.")
  }

  func run() throws {
    let status = try BatchRun(self).run()
    if status != .complete { throw status }
  }

  /// Which objects are reported, whether they are tracked, and the zones and lines.
  ///
  /// - Throws: `ConfigurationError`, `ProgramError`.
  func objectOptions() throws -> ObjectOptions {
    try ObjectChoice(
      scores: scores, views: views, areas: areas, tracking: tracking, tracks: tracks, zones: zones,
      hasSnapshots: output.snapshots != nil
    ).objectOptions()
  }

  /// Which frames are analysed, and how sources are read.
  var readingOptions: ReadingOptions {
    selection.readingOptions(source.open, queue: source.queue, engine)
  }

  /// What is written besides JSON lines.
  var runOutputs: RunOutputs {
    var outputs = RunOutputs(
      drawing: output.overlay.parts,
      encoding: .init(
        codec: output.encoding.videoCodec, crf: output.encoding.crf,
        copiesAudio: output.encoding.audio == .copy))
    // A folder, also where it doesn't exist yet.
    outputs.video = output.video.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
    outputs.crops = output.crops
    outputs.snapshots = output.snapshots
    return outputs
  }

  /// The style of progress reports, or `nil` for none.
  var progressStyle: ProgressStyle? {
    progress.style(
      isQuiet: report.quiet, hasLinesOnTerminal: output.receipts && isStandardOutput("-"))
  }
}
