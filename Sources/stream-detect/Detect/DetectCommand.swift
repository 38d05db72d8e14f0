internal import ArgumentParser
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
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Objects") var scores: ScoreOptions
  @OptionGroup(title: "Tracks") var tracking: DetectTrackOptions
  @OptionGroup(title: "Tracks") var tracks: TrackOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func run() throws {
    let status = try DetectRun(self).run()
    if status != .complete { throw status }
  }

  /// Which objects are reported, and whether they are tracked.
  var objectOptions: ObjectOptions {
    var options = scores.objectOptions(views)
    if tracking.track == .online { options.tracking = tracks.trackingOptions }
    return options
  }

  /// The style of progress reports, or `nil` for none.
  var progressStyle: ProgressStyle? {
    progress.style(
      isQuiet: report.quiet,
      hasLinesOnTerminal: output.jsonlTarget.map(isStandardOutput) ?? false)
  }
}
