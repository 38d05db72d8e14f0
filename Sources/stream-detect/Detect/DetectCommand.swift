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
    switch tracking.track ?? .off {
    case .off: break
    case .online: options.tracking = tracks.trackingOptions
    case .offline:
      options.tracking = tracks.trackingOptions
      options.tracking?.mode = .offline
    }
    return options
  }

  func validate() throws {
    guard tracking.track == .offline, let option = output.pictureOption else { return }
    throw ValidationError(
      "--track offline finishes a frame seconds later, and the pictures of \(option) can't wait; "
        + "use --track online, or write --jsonl RUN.jsonl alone, then run "
        + "'stream-detect track RUN.jsonl --track offline'.")
  }

  /// The style of progress reports, or `nil` for none.
  var progressStyle: ProgressStyle? {
    progress.style(
      isQuiet: report.quiet,
      hasLinesOnTerminal: output.jsonlTarget.map(isStandardOutput) ?? false)
  }
}
