internal import Pipeline
internal import ArgumentParser
internal import Output

/// `stream-detect eval`.
struct EvalCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Says how good a model is: COCO mAP, precision and recall.",
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

      The twelve figures are COCO's, equal to pycocotools'. Classes are matched by their names; those \
      that one side lacks are left out and listed.

      \(ExitStatus.help)
      """)

  @OptionGroup(title: "Images, results and truth") var comparison: ComparisonOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Objects") var scores: EvalScoreOptions
  @OptionGroup(title: "Objects") var tiles: TileOptions
  @OptionGroup(title: "Output") var output: EvalOutputOptions
  @OptionGroup(title: "Speed") var engine: EngineOptions
  @OptionGroup(title: "Messages") var report: ReportOptions
  @OptionGroup(title: "Messages") var progress: ProgressOptions

  func validate() throws {
    if comparison.pred != nil && tiles.grid != .none {
      throw ValidationError(
        "--tiles and --pred exclude each other: what is in the file was found already.")
    }
  }

  func run() throws {
    let status = try EvalRun(self).run()
    if status != .complete { throw status }
  }

  /// How progress is said, if at all.
  var progressStyle: ProgressStyle? {
    progress.style(isQuiet: report.quiet, hasLinesOnTerminal: false)
  }
}
