internal import ArgumentParser
internal import StreamDetect

/// `stream-detect detect`, the default command.
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect", abstract: "Finds objects in one or more sources.",
    discussion: ExitStatus.help)

  @OptionGroup(title: "Sources") var source: SourceOptions
  @OptionGroup(title: "Frames") var selection: SelectionOptions
  @OptionGroup(title: "Frames") var tiles: TileOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Objects") var scores: ScoreOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions

  @Option(help: "Progress on standard error; auto is a bar on a terminal, else plain.")
  var progress: Progress = .auto

  enum Progress: String, ExpressibleByArgument, CaseIterable { case auto, bar, plain, json, none }

  func run() throws {
    let status = try DetectRun(self).run()
    if status != .complete { throw status }
  }

  /// How progress is said, if at all.
  var progressStyle: ProgressStyle? {
    if report.quiet { return nil }
    switch progress {
    case .auto:
      // A bar between the lines of a terminal would only be in the way.
      return Console.standardError.isTerminal && output.jsonlTarget != "-" ? .bar : .plain
    case .bar: return .bar
    case .plain: return .plain
    case .json: return .json
    case .none: return nil
    }
  }
}
