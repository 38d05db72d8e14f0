internal import ArgumentParser
internal import Batch
internal import Support

/// The sources of a batch, and how they are read.
struct BatchSourceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Files, folders, quoted globs, addresses (http), @LIST for a file with one source a line, "
        + "@LIST.jsonl for a manifest with id, uri, start, end and options, @- for either on "
        + "standard input.", valueName: "source"))
  var sources: [String]

  @Flag(help: "Search folders recursively.")
  var recursive = false

  @Option(
    help: ArgumentHelp("Maximum number of frames that wait between two stages.", valueName: "n"))
  var queue = 4

  @Option(
    help: ArgumentHelp(
      "Give a source up as failed that takes longer than this. (default: no limit)",
      valueName: "time"))
  var sourceTimeout: TimeSpan?

  @OptionGroup var open: OpenOptions

  func validate() throws {
    if !(1...4096).contains(queue) {
      throw ValidationError("--queue is \(queue); it must be between 1 and 4096.")
    }
    if let sourceTimeout, sourceTimeout.seconds <= 0 {
      throw ValidationError("--source-timeout is 0; it must be above 0.")
    }
  }
}

/// Where the results of a batch go.
struct BatchOutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "Folder for the results: OUT/SOURCE.jsonl, and OUT/SOURCE.receipt.json when it is finished.",
      valueName: "out"))
  var outDir: String

  @Option(help: ArgumentHelp("Write annotated videos into this folder.", valueName: "dir"))
  var video: String?

  @OptionGroup var encoding: EncodingOptions

  @Option(
    help: ArgumentHelp(
      "What to draw: box, label, conf, track, zones, areas (of --mask and --roi), or none.",
      valueName: "parts"))
  var overlay = OverlayArgument.all

  @Option(
    help: ArgumentHelp(
      "Write a crop of each object as DIR/SOURCE/000123-0-LABEL.jpg.", valueName: "dir"))
  var crops: String?

  @Option(
    help: ArgumentHelp(
      "Write the best picture of each track as DIR/SOURCE/000007.jpg. Turns --track on.",
      valueName: "dir"))
  var snapshots: String?

  @Flag(help: "Print each receipt on standard output when its source is finished.")
  var receipts = false

  func validate() throws {
    for (name, path) in [
      ("--out-dir", outDir), ("--video", video ?? "v"), ("--crops", crops ?? "c"),
      ("--snapshots", snapshots ?? "s"),
    ] {
      if path.isEmpty {
        throw ValidationError("\(name) is empty; give a folder to write to.")
      }
      if path.contains("://") || path == "-" {
        throw ValidationError("\(name) is '\(printable(path))'; it must be a folder.")
      }
    }
  }

  /// The first output of pictures, if there is any.
  var pictureOption: String? {
    [("--video", video), ("--crops", crops), ("--snapshots", snapshots)]
      .first { $0.1 != nil }?.0
  }

  /// The folders of pictures by what is in them.
  var folders: [Receipt.Output.Kind: String] {
    var folders: [Receipt.Output.Kind: String] = [:]
    folders[.video] = video
    folders[.crops] = crops
    folders[.snapshots] = snapshots
    return folders
  }
}

/// How a batch is divided and ends.
struct BatchWorkOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Do one of several parts, 1/7 to 7/7, which a source's id decides; auto takes it from Slurm, "
        + "Kubernetes, AWS Batch or Cloud Run, auto/7 where those don't tell how many there are.",
      valueName: "i/n|auto"))
  var shard: String?

  @Flag(help: "Do sources again that have failed for good.")
  var retryFailed = false

  @Option(
    help: ArgumentHelp(
      "How long the sources in work may take after a signal.", valueName: "time"))
  var grace = TimeSpan(seconds: 20)

  func validate() throws {
    if grace.seconds > 86_400 {
      throw ValidationError("--grace is longer than a day.")
    }
  }

  /// The part that this worker does.
  ///
  /// - Throws: `BatchError`.
  func chosenShard(_ environment: [String: String]) throws(BatchError) -> Shard {
    guard let shard else { return .whole }
    if shard == "auto" { return try ShardEnvironment.shard(count: nil, in: environment) }
    if shard.hasPrefix("auto/"), let count = Int(shard.dropFirst(5)), (1...999_999).contains(count)
    {
      return try ShardEnvironment.shard(count: count, in: environment)
    }
    guard let found = try Shard(shard) else {
      throw BatchError(
        "--shard \(shard)", "It names no part.", "Give 1/7 to 7/7, auto, or auto/7.")
    }
    return found
  }
}
