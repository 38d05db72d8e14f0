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
      """,
    discussion: """
      EXAMPLES:
        stream-detect eval --truth instances.json --images val2017
        stream-detect eval --truth voc/Annotations --images voc/JPEGImages
        stream-detect eval --truth data.yaml --images images --plot curves.svg
        stream-detect detect val2017 --conf 0.001 --jsonl run.jsonl
        stream-detect eval --truth instances.json --pred run.jsonl

      The twelve figures are COCO's and agree with pycocotools. Classes are matched by name; those \
      that only one side has are left out and listed.

      \(ExitStatus.help)
      """)

  @OptionGroup(title: "Images, results and truth") var comparison: ComparisonOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Objects") var scores: EvalScoreOptions
  @OptionGroup(title: "Objects") var views: ViewOptions
  @OptionGroup(title: "Output") var output: EvalOutputOptions
  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func validate() throws {
    if comparison.pred != nil && (views.grid != .none || views.sizes != .own) {
      throw ValidationError(
        "\(views.grid == .none ? "--size" : "--tiles") and --pred cannot be combined: the file already contains the results."
      )
    }
  }

  func run() throws {
    let status = try EvalRun(self).run()
    if status != .complete { throw status }
  }

  /// The style of progress reports, or `nil` for none.
  var progressStyle: ProgressStyle? {
    progress.style(isQuiet: report.quiet, hasLinesOnTerminal: false)
  }
}
