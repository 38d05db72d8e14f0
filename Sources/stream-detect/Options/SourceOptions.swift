internal import Support
internal import ArgumentParser
internal import Pipeline
internal import Support

/// What is read, and how.
struct SourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files, folders, quoted globs, URLs (rtsp, rtmp, srt, udp, http), /dev/videoN, - for "
        + "standard input, @LIST for a file with a source a line.", valueName: "source"))
  var sources: [String]

  @Flag(help: "Look into the folders of a folder, too.")
  var recursive = false

  @Option(help: ArgumentHelp("Name of the source in the results.", valueName: "name"))
  var id: String?

  @Option(
    help: ArgumentHelp("Frames that may wait between two stages.", valueName: "n"))
  var queue = 4

  @Option(
    help: ArgumentHelp(
      "What becomes of a live source's frames that no worker has time for; files always wait.",
      valueName: "policy"))
  var livePolicy: QueuePolicy = .latest

  @Option(help: ArgumentHelp("Longest wait for a live source's next frame.", valueName: "time"))
  var stallTimeout = TimeSpan(seconds: 20)

  @Option(
    help: ArgumentHelp(
      "Waits before a live source is opened again: doubled from the first to the longest.",
      valueName: "time..time"))
  var reconnectDelay = TimeRange(first: 1, longest: 30)

  @Option(
    help: ArgumentHelp("Attempts to open a live source again; -1: no end.", valueName: "n"))
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

  /// The sources in order.
  ///
  /// - Throws: `ProgramError` for an argument that stands for none, or a name for several.
  func expanded() throws -> [MediaSource] {
    let list = try expandedSources(sources, isRecursive: recursive)
    guard let id else { return list }
    guard list.count == 1, var only = list.first else {
      throw ProgramError(
        .usage, "--id", "one name cannot stand for \(list.count) sources",
        remedy: "Name them in a manifest: @LIST.jsonl")
    }
    only.name = id
    return [only]
  }
}

/// The sources that command line arguments stand for.
///
/// - Throws: `ProgramError` for an argument that stands for none.
func expandedSources(_ arguments: [String], isRecursive: Bool) throws -> [MediaSource] {
  do {
    return try SourceList.expand(arguments, options: .init(isRecursive: isRecursive))
  } catch {
    throw ProgramError(.usage, error.argument, error.message, remedy: error.remedy)
  }
}
