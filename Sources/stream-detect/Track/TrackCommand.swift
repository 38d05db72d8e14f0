internal import Annotations
internal import ArgumentParser
internal import Support

/// `stream-detect track`.
struct TrackCommand: ParsableCommand {
  enum Mode: String, ExpressibleByArgument, CaseIterable { case online, offline }

  static let configuration = CommandConfiguration(
    commandName: "track",
    abstract: "Gives the objects of earlier results numbers that stay the same.",
    usage: "stream-detect track RUN.jsonl -o OUT.jsonl [OPTIONS]",
    discussion: """
      EXAMPLES:
        stream-detect detect walk.mp4 --conf 0.2 --jsonl run.jsonl
        stream-detect track run.jsonl -o tracks.jsonl
        stream-detect track run.jsonl -o tracks.jsonl --track offline
        stream-detect detect rtsp://cam1/ --conf 0.2 --jsonl - | stream-detect track -

      Objects get a track_id. Boxes are smoothed; where an object was not detected for a moment its \
      box is predicted and marked. 'offline' knows what comes later: gaps are filled, fragments \
      joined and clutter is dropped, and a frame is written about nine seconds later. Low scores \
      help: run 'detect' with --conf 0.2 or less.

      \(ExitStatus.help)
      """)

  @Argument(
    help: ArgumentHelp("JSON lines of 'detect', or - for standard input.", valueName: "run.jsonl"))
  var input: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the lines to this file instead of standard output.", valueName: "file"))
  var output = "-"

  @Option(
    help: ArgumentHelp(
      "Track each frame as it comes, or with knowledge of what comes later.",
      valueName: "online|offline"))
  var track: Mode = .online

  @OptionGroup(title: "Tracks") var options: TrackOptions
  @OptionGroup(title: "Messages") var report: ReportOptions

  /// What the `run` line says about it.
  var recordedTracking: RunRecord.Options.Tracking {
    RunRecord.Options.Tracking(
      isOffline: track == .offline, timeToLive: options.trackTtl.seconds,
      minimumDuration: options.trackMin.seconds, predictionTime: options.trackCoast.seconds,
      confidence: options.trackConf, smoothsBoxes: options.trackBoxes == .smoothed)
  }

  func run() throws {
    let status = try TrackRun(self).run()
    if status != .complete { throw status }
  }
}
