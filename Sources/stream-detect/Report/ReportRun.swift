internal import Logging
internal import Media
internal import Output
internal import Report
internal import StreamDetect
internal import Support

/// One run of `report`.
struct ReportRun {
  private let command: ReportCommand
  private let logger: Logger
  /// The files of `--video`, addresses as paths.
  private let named: [String]

  /// The most bytes that the pictures of all sources take.
  private static let pictureBudget = 2_500_000

  init(_ command: ReportCommand) {
    self.command = command
    logger = command.report.makeLogger()
    named = command.video.map { FileAddress.path(of: $0) ?? $0 }
  }

  /// Reads the lines, cuts pictures out of the videos, and writes the page.
  ///
  /// - Throws: `AnnotationError`, `MediaError`, `ProgramError` or `SinkError`; the status of a
  ///   signal.
  func run() throws {
    FFmpegLog.install(logger: logger)
    try refuseOverwriting(command.inputs + named, with: command.output)
    let isStopped = StopFlag(logger: logger)
    let digest = try ResultFiles(paths: command.inputs, keepsCourse: true, logger: logger)
      .digest { isStopped() }
    try isStopped.check()
    let namedInputs = NamedInputs(output: command.output)
    for source in digest.sources where command.inputs.indices.contains(source.file) {
      try namedInputs.check(source.uri ?? source.name, in: command.inputs[source.file])
    }
    digest.logGaps(logger)
    if !digest.isTracked, digest.sources.contains(where: { $0.pictures == nil && $0.objects > 0 }) {
      logger.notice(
        """
        the results have no tracks; 'stream-detect track RUN.jsonl -o TRACKS.jsonl' adds them for a \
        fuller report
        """)
    }
    let media = command.noVideo ? [:] : try media(for: digest) { isStopped() }
    try isStopped.check()
    let page = ReportPage(digest, media: media, version: LibraryVersion.text).html()
    let file = try OutputFile(command.output)
    try file.write(page)
    try file.finish()
  }

  private func media(
    for digest: RunDigest, isStopped: () -> Bool
  ) throws -> [Int: PageMedia] {
    let videos = try SourceVideos(digest, named: named, results: command.inputs)
    let output = command.output
    if isRegularOutput(output), InputFiles(videos.all.map(\.path)).contains(output) {
      throw ProgramError(
        .usage, output, "this output is the video of one of the sources",
        remedy: "Choose another path; inputs are never written to")
    }
    var all: [Int: PageMedia] = [:]
    let budget = Self.pictureBudget / max(videos.all.count, 1)
    for (index, path) in videos.all where !isStopped() {
      var media = PageMedia()
      do {
        logger.info("\(printable(path)): looking for the best pictures")
        try Snapshots(path: path, count: command.snapshots, budget: budget)
          .add(to: &media, of: digest.sources[index], isStopped: isStopped)
      } catch {
        // A video that nobody asked for may be missing or damaged.
        guard !named.contains(path) else { throw error }
        logger.warning("the page has no pictures of \(printable(path)): \(error)")
        continue
      }
      media.videoAddress = relativeAddress(of: path, from: output)
      media.videoName = PathText.name(of: path)
      all[index] = media
    }
    return all
  }
}
