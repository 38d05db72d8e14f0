internal import Annotations
internal import ArgumentParser
internal import Configuration
internal import Output
internal import Support
internal import Tracking

/// `stream-detect track`.
struct TrackCommand: ParsableCommand {
  enum Mode: String, ExpressibleByArgument, CaseIterable { case online, offline, keep }

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
        stream-detect track run.jsonl -o tracks.jsonl --snapshots best --video walk.mp4
        stream-detect track run.jsonl --zone 'door=0.1,0.5 0.9,0.5 0.9,1' --events-only
        stream-detect track tracks.jsonl --track keep --line 'in=0.2,0.5 0.8,0.5'

      Objects get a track_id. Boxes are smoothed; where an object was not detected for a moment its \
      box is predicted and marked. 'offline' knows what comes later: gaps are filled, fragments \
      joined and clutter is dropped, and a frame is written about nine seconds later. Low scores \
      help: run 'detect' with --conf 0.2 or less. 'keep' leaves the track_ids that are there.

      With zones or lines, or with --events, lines of type 'event' follow the frames: objects come \
      and go, enter and leave zones, cross lines, stand still.

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
      "Track each frame as it comes, or with knowledge of what comes later, or keep the tracks "
        + "that are there.", valueName: "online|offline|keep"))
  var track: Mode = .online

  @Option(
    help: ArgumentHelp(
      "Write the best picture of each track, cut out of the video, as DIR/SOURCE/000007.jpg.",
      valueName: "dir"))
  var snapshots: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "The video of a source, for --snapshots; may be given several times. (default: the file that "
        + "the lines name, if it is there)", valueName: "file"))
  var video: [String] = []

  @OptionGroup(title: "Tracks") var options: TrackOptions
  @OptionGroup(title: "Zones and events") var zones: ZoneOptions
  @OptionGroup(title: "Messages") var report: ReportOptions

  func validate() throws {
    if !video.isEmpty, snapshots == nil {
      throw ValidationError("--video is read for --snapshots; add --snapshots DIR.")
    }
    if let url = video.first(where: { $0.contains("://") && !$0.hasPrefix("file://") || $0 == "-" })
    {
      throw ValidationError("--video \(url) is no local file; name the file of the video.")
    }
    if output.isEmpty { throw ValidationError("--output is empty; give a path to write to.") }
    if snapshots?.isEmpty == true {
      throw ValidationError("--snapshots is empty; give a folder to write to.")
    }
    if snapshots != nil, input == "-" || (try? FileStatus(input))?.kind == .special {
      throw ValidationError(
        "--snapshots reads the lines twice, which \(input) doesn't allow; store them in a file.")
    }
    if track == .keep, !zones.mayHaveEvents {
      throw ValidationError(
        "--track keep changes nothing without --zone, --line, --zones, --events or --events-only.")
    }
  }

  /// What the `run` line says about it, with the zones and lines of `events`.
  func runLine(_ events: EventOptions?) -> TrackedRunLine {
    TrackedRunLine(
      tracking: recordedTracking,
      zones: events?.zones.map { RunRecord.Options.Place($0) } ?? [],
      lines: events?.lines.map { RunRecord.Options.Place($0) } ?? [])
  }

  /// How objects are tracked; `nil` if the tracks stay.
  private var recordedTracking: RunRecord.Options.Tracking? {
    guard track != .keep else { return nil }
    return RunRecord.Options.Tracking(
      isOffline: track == .offline, timeToLive: options.trackTtl.seconds,
      minimumDuration: options.trackMin.seconds, predictionTime: options.trackCoast.seconds,
      confidence: options.trackConf, smoothsBoxes: options.trackBoxes == .smoothed)
  }

  func run() throws {
    let status = try TrackRun(self).run()
    if status != .complete { throw status }
  }

  /// An engine that has seen nothing yet, if events are asked for.
  ///
  /// - Throws: `ConfigurationError`, or `ZoneError` for names that are given twice.
  func eventEngine() throws -> EventEngine? {
    let settings = try zones.settings()
    guard zones.hasEvents(settings) else { return nil }
    var events = EventOptions(zones: settings.zones, lines: settings.lines)
    events.confirmScore = options.trackConf
    return try EventEngine(events)
  }
}
