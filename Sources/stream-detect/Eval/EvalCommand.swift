internal import Pipeline
internal import ArgumentParser
internal import Output

/// `stream-detect eval`.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval",
    abstract: "Measures the accuracy of a model: COCO mAP, precision and recall.",
    usage: """
      stream-detect eval --truth TRUTH --images DIR [--model MODEL] [OPTIONS]
      stream-detect eval --truth TRUTH --pred RESULTS [OPTIONS]
      stream-detect eval --tracks --truth gt.txt --pred RESULTS [OPTIONS]
      """,
    discussion: """
      EXAMPLES:
        stream-detect eval --truth instances.json --images val2017
        stream-detect eval --truth voc/Annotations --images voc/JPEGImages
        stream-detect eval --truth data.yaml --images images --plot curves.svg
        stream-detect detect val2017 --conf 0.001 --jsonl run.jsonl
        stream-detect eval --truth instances.json --pred run.jsonl
        stream-detect eval --tracks --truth gt.txt --pred tracks.jsonl

      The twelve figures are COCO's and agree with pycocotools. Classes are matched by name; those \
      that only one side has are left out and listed. --tracks measures tracks instead: HOTA, IDF1 \
      and MOTA, equal to TrackEval's.

      \(ExitStatus.help)
      """)

  @OptionGroup(title: "Images, results and truth") var comparison: ComparisonOptions
  @OptionGroup(title: "Tracks") var tracks: TrackEvalOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Objects") var scores: EvalScoreOptions
  @OptionGroup(title: "Objects") var views: ViewOptions
  @OptionGroup(title: "Output") var output: EvalOutputOptions
  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func validate() throws {
    if tracks.tracks && comparison.pred == nil {
      throw ValidationError("--tracks measures results; give them with --pred.")
    }
    if tracks.tracks && output.plot != nil {
      throw ValidationError("--tracks has no plot; leave out --plot.")
    }
    if comparison.pred != nil && (views.grid != .none || views.sizes != .own) {
      throw ValidationError(
        "\(views.grid == .none ? "--size" : "--tiles") and --pred cannot be combined: the file already contains the results."
      )
    }
  }

  func run() throws {
    if tracks.tracks { return try TrackEvalRun(command: self).run() }
    let status = try EvalRun(self).run()
    if status != .complete { throw status }
  }

  /// The style of progress reports, or `nil` for none.
  var progressStyle: ProgressStyle? {
    progress.style(isQuiet: report.quiet, hasLinesOnTerminal: false)
  }
}
