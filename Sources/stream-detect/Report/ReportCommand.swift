internal import ArgumentParser

/// `stream-detect report`.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Makes a page to look at of earlier results: what appears when and where.",
    usage: "stream-detect report RUN.jsonl… -o report.html [OPTIONS]",
    discussion: """
      EXAMPLES:
        stream-detect detect walk.mp4 --conf 0.2 --track online --jsonl run.jsonl
        stream-detect report run.jsonl -o report.html
        stream-detect report run.jsonl --video walk.mp4 -o report.html
        stream-detect report monday.jsonl tuesday.jsonl --no-video -o both.html

      The page is one file, which needs no network: a timeline of classes and tracks, counts and \
      crossings over time, a heat map, the best picture of each track, and tables that sort and \
      filter. With a video a click goes to the moment. The video itself isn't in the page, which \
      finds it by its place: keep both together.

      \(ExitStatus.help)
      """)

  @Argument(
    help: ArgumentHelp(
      "JSON lines of 'detect' or 'track', or - for standard input.", valueName: "run.jsonl"))
  var inputs: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the page to this file; - is standard output.", valueName: "file"))
  var output: String

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The video of a source; may be given several times. (default: the file that the results name, "
        + "if it is there)", valueName: "file"))
  var video: [String] = []

  @Flag(help: "Make a page without videos and pictures.")
  var noVideo = false

  @Option(help: ArgumentHelp("The most tracks of a source that get a picture.", valueName: "n"))
  var snapshots = 200

  @OptionGroup(title: "Messages") var report: ReportOptions

  func validate() throws {
    if !(0...2000).contains(snapshots) {
      throw ValidationError("--snapshots is \(snapshots); it must be between 0 and 2000.")
    }
    if noVideo && !video.isEmpty {
      throw ValidationError("--video and --no-video exclude each other; give one of them.")
    }
    if let url = video.first(where: { $0.contains("://") && !$0.hasPrefix("file://") || $0 == "-" })
    {
      throw ValidationError("--video \(url) is no local file; a page can show only those.")
    }
    if output.isEmpty { throw ValidationError("--output is empty; give a path to write to.") }
    try checkInputs(inputs)
  }

  func run() throws { try ReportRun(self).run() }
}
