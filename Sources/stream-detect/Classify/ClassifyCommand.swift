internal import ArgumentParser
internal import Output

/// `stream-detect classify`.
struct ClassifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Names what images and the frames of videos show.",
    discussion: """
      Of a video every frame is classified unless --every, --fps, --stride, --keyframes or --limit \
      says otherwise. Get a classifier with 'stream-detect models pull mobilenet_v2'.

      \(ExitStatus.help)
      """)

  @OptionGroup(title: "Sources") var source: SourceOptions
  @OptionGroup(title: "Frames") var selection: SelectionOptions
  @OptionGroup(title: "Model") var model: ModelOptions

  @Option(help: ArgumentHelp("Number of classes per frame.", valueName: "k"))
  var top = 5

  @Flag(help: "Print one JSON object per frame.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Write all JSON lines of the run, as 'detect' does, to this file; - is standard output.",
      valueName: "path"))
  var jsonl: String?

  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func validate() throws {
    if top < 1 { throw ValidationError("--top is \(top); it must be at least 1.") }
    if json && jsonl != nil {
      throw ValidationError("--json and --jsonl cannot be combined; give one of them.")
    }
    if jsonl?.isEmpty == true {
      throw ValidationError("--jsonl is empty; give a path to write to.")
    }
  }

  func run() throws {
    let status = try ClassifyRun(self).run()
    if status != .complete { throw status }
  }

  /// The style of progress reports, or `nil` for none.
  ///
  /// Without lines of its own a run over images says nothing, as before.
  var progressStyle: ProgressStyle? {
    let isPrinting = jsonl.map(isStandardOutput) ?? true
    if isPrinting, progress.progress == .auto { return nil }
    return progress.style(isQuiet: report.quiet, hasLinesOnTerminal: isPrinting)
  }
}
