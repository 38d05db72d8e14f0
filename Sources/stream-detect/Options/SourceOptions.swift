internal import Support
internal import ArgumentParser
internal import Logging
internal import Pipeline

/// The sources, and how they are read.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files, folders, quoted globs, URLs (rtsp, rtmp, srt, udp, http), /dev/videoN, - for "
        + "standard input, @LIST for a file with one source per line, @- for such a list on "
        + "standard input.", valueName: "source"))
  var sources: [String]

  @Flag(help: "Search folders recursively.")
  var recursive = false

  @Flag(
    inversion: .prefixedNo,
    help: ArgumentHelp(
      "Read all URLs, devices and pipes as live, or none; by default the address or the stream "
        + "tells."))
  var live: Bool?

  @Option(help: ArgumentHelp("Name of the source in the results.", valueName: "name"))
  var id: String?

  @Option(
    help: ArgumentHelp("Maximum number of frames that wait between two stages.", valueName: "n"))
  var queue = 4

  @Option(
    help: ArgumentHelp(
      "What happens to a live source's frames while all workers are busy; files always wait.",
      valueName: "policy"))
  var livePolicy: QueuePolicy = .latest

  @Option(
    help: ArgumentHelp(
      "Maximum time to wait for a live source's next frame.", valueName: "time"))
  var stallTimeout = TimeSpan(seconds: 20)

  @Option(
    help: ArgumentHelp(
      "Wait before reopening a live source: doubles from the first time up to the second.",
      valueName: "time..time"))
  var reconnectDelay = TimeRange(first: 1, longest: 30)

  @Option(
    help: ArgumentHelp(
      "Maximum number of attempts in a row to open a live source again, also if it is down at the "
        + "start; -1 for no limit.", valueName: "n"))
  var reconnectMax = -1

  @OptionGroup var open: OpenOptions

  func validate() throws {
    if !(1...4096).contains(queue) {
      throw ValidationError("--queue is \(queue); it must be between 1 and 4096.")
    }
    if reconnectMax < -1 {
      throw ValidationError("--reconnect-max is \(reconnectMax); it must be at least -1.")
    }
    if stallTimeout.seconds <= 0 {
      throw ValidationError("--stall-timeout is 0; it must be above 0.")
    }
  }

  /// The paths of the lists among the arguments.
  var lists: [String] {
    sources.filter { $0.utf8.first == UInt8(ascii: "@") }.map { String($0.dropFirst()) }
  }

  /// The sources in order.
  ///
  /// - Throws: `ProgramError` if an argument matches no source, or `--id` names several.
  func expanded() throws -> (sources: [MediaSource], passedOver: PassedOver) {
    let found = try surveyedSources(sources, isRecursive: recursive, isLive: live)
    let list = found.sources
    guard let id else { return found }
    guard list.count == 1, var only = list.first else {
      throw ProgramError(
        .usage, "--id", "one name cannot be used for \(list.count) sources",
        remedy: "Name them in a manifest: @LIST.jsonl")
    }
    only.name = id
    return ([only], found.passedOver)
  }
}

/// The sources that the arguments of a command line name; `logger` tells what folders have besides.
///
/// - Throws: `ProgramError` if an argument matches no source.
func expandedSources(
  _ arguments: [String], isRecursive: Bool, logger: Logger? = nil
) throws -> [MediaSource] {
  let found = try surveyedSources(arguments, isRecursive: isRecursive, isLive: nil)
  if !found.passedOver.isEmpty { logger?.notice("\(found.passedOver.summary)") }
  return found.sources
}

private func surveyedSources(
  _ arguments: [String], isRecursive: Bool, isLive: Bool?
) throws -> (sources: [MediaSource], passedOver: PassedOver) {
  do {
    return try SourceList.survey(
      arguments, options: .init(isRecursive: isRecursive, isLive: isLive))
  } catch {
    throw ProgramError(
      error.isTransient ? .transientFailure : .usage, error.argument, error.message,
      remedy: error.remedy)
  }
}
