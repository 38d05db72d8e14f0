internal import ArgumentParser
internal import Configuration
internal import Output
internal import StreamDetect

/// `stream-detect detect`, the default command.
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect", abstract: "Finds objects in one or more sources.",
    discussion: ExitStatus.help)

  @OptionGroup(title: "Sources") var source: SourceOptions
  @OptionGroup(title: "Frames") var selection: SelectionOptions
  @OptionGroup(title: "Frames") var views: ViewOptions
  @OptionGroup(title: "Frames") var areas: AreaOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Objects") var scores: ScoreOptions
  @OptionGroup(title: "Tracks") var tracking: DetectTrackOptions
  @OptionGroup(title: "Tracks") var tracks: TrackOptions
  @OptionGroup(title: "Zones and events") var zones: ZoneOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func validate() throws {
    if zones.eventsOnly, output.jsonlTarget == nil {
      throw ValidationError("--events-only needs JSON lines; add --jsonl with a file, or -.")
    }
    if tracking.track == .off, output.snapshots != nil {
      throw ValidationError(
        "--snapshots is one picture of each track, and --track off has none; leave it out.")
    }
    guard tracking.track == .offline, let option = output.pictureOption else { return }
    throw ValidationError(
      "--track offline finishes a frame seconds later, and the pictures of \(option) can't wait; "
        + "use --track online, or write --jsonl RUN.jsonl alone, then run "
        + "'stream-detect track RUN.jsonl --track offline'.")
  }

  func run() throws {
    let status = try DetectRun(self).run()
    if status != .complete { throw status }
  }

  /// Which objects are reported, whether they are tracked, and the zones and lines.
  ///
  /// - Throws: `ConfigurationError`.
  func objectOptions() throws -> ObjectOptions {
    try ObjectChoice(
      scores: scores, views: views, areas: areas, tracking: tracking, tracks: tracks, zones: zones,
      hasSnapshots: output.snapshots != nil
    ).objectOptions()
  }

  /// The style of progress reports, or `nil` for none.
  var progressStyle: ProgressStyle? {
    progress.style(
      isQuiet: report.quiet,
      hasLinesOnTerminal: output.jsonlTarget.map(isStandardOutput) ?? false)
  }
}
