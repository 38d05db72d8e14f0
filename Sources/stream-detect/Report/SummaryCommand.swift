internal import ArgumentParser
internal import Output
internal import Report

/// `stream-detect summary`.
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Prints what happened in earlier results: classes, tracks, longest stays.",
    usage: "stream-detect summary RUN.jsonl… [OPTIONS]",
    discussion: """
      EXAMPLES:
        stream-detect detect walk.mp4 --conf 0.2 --track online --jsonl run.jsonl
        stream-detect summary run.jsonl
        stream-detect summary monday.jsonl tuesday.jsonl --json
        stream-detect track old.jsonl | stream-detect summary -

      A last line that is cut off is left out, so a file that is still written can be read. Results \
      without tracks have only objects counted, frame by frame; 'track' adds tracks.

      \(ExitStatus.help)
      """)

  @Argument(
    help: ArgumentHelp(
      "JSON lines of 'detect' or 'track', or - for standard input.", valueName: "run.jsonl"))
  var inputs: [String]

  @Flag(help: "Print a JSON object for programs instead of tables.")
  var json = false

  @Option(
    help: ArgumentHelp("The most sources, and the most long stays of each.", valueName: "n"))
  var top = 10

  @OptionGroup(title: "Messages") var report: ReportOptions

  func validate() throws {
    if !(0...1_000_000).contains(top) {
      throw ValidationError("--top is \(top); it must be between 0 and 1000000.")
    }
    try checkInputs(inputs)
  }

  func run() throws {
    let logger = report.makeLogger()
    let output = try OutputFile("-")
    let isStopped = StopFlag(logger: logger)
    let digest = try ResultFiles(paths: inputs, keepsCourse: false, logger: logger)
      .digest { isStopped() }
    try isStopped.check()
    digest.logGaps(logger)
    try output.write(json ? digest.json(top: top) : Array(digest.text(top: top).utf8))
    try output.finish()
  }
}

/// Refuses to read standard input more than once, or no file at all.
func checkInputs(_ inputs: [String]) throws {
  if inputs.filter({ $0 == "-" }).count > 1 {
    throw ValidationError("- is given more than once; standard input can be read only once.")
  }
}
