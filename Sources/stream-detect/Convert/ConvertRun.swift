internal import Annotations
internal import Logging
internal import Output
internal import Pipeline
internal import StreamDetect
internal import Support

/// One run of `convert`.
struct ConvertRun {
  private let command: ConvertCommand
  private let logger: Logger

  init(_ command: ConvertCommand) {
    self.command = command
    logger = command.report.makeLogger()
  }

  /// Reads the inputs, and writes them in the other format.
  ///
  /// - Throws: `AnnotationError` for an input that can't be read or expressed, `SinkError` when the
  ///   output fails.
  func run() throws -> ExitStatus {
    let paths = try command.inputs.flatMap(Self.files)
    try refuseOverwriting(paths, with: command.output, claims: isSingleFile)
    let isStopped = StopFlag(logger: logger)
    switch command.to {
    case .lines: try writeLines { isStopped() }
    case .format(let format): try convert(paths, to: format) { isStopped() }
    }
    try isStopped.check()
    return .complete
  }

  /// Whether the output is certain to be a single file.
  private var isSingleFile: Bool {
    guard case .format(let format) = command.to else { return true }
    return !format.isFolder && !format.isForEachSource
  }

  /// The files that an input stands for: those with JSON lines in a folder.
  private static func files(_ input: String) throws -> [String] {
    guard input != "-", FolderListing.item(at: input) == .folder else { return [input] }
    let walk: FolderWalk
    do { walk = try FolderWalk(input, isRecursive: true) } catch {
      throw AnnotationError(
        path: input, message: "The folder cannot be read: \(error.reason).",
        remedy: "Check that you may read it.")
    }
    let files = walk.entries.filter { entry in
      if case .file = entry.kind { PathText.suffix(of: entry.path) == "jsonl" } else { false }
    }
    guard !files.isEmpty else {
      throw AnnotationError(
        path: input, message: "There is no file with JSON lines (.jsonl) in the folder.",
        remedy: "Name the folder that 'detect' wrote to, or the files.")
    }
    return files.map { PathText.join(input, $0.path) }
  }

  private func convert(
    _ paths: [String], to format: ExportFormat, isStopped: () -> Bool
  ) throws {
    var options = ConversionOptions()
    options.leastConfidence = command.conf
    options.step = command.step
    options.writesScores = command.scores
    options.prefix = command.prefix
    options.version = LibraryVersion.text
    var converter = ResultConverter(to: format, at: command.output, options: options)
    do {
      let namedInputs = NamedInputs(output: command.output)
      for path in paths where !isStopped() {
        try read(path, isStopped: isStopped) { record in
          if case .source(let source) = record {
            try namedInputs.check(source.uri, in: path)
          }
          try converter.take(record)
        }
      }
      guard !isStopped() else { return converter.discard() }
      try converter.finish()
    } catch {
      converter.discard()
      throw (error as? FileError).map { SinkError($0) as any Error } ?? error
    }
    log(converter)
  }

  private func read(
    _ path: String, isStopped: () -> Bool, take: (Record) throws -> Void
  ) throws {
    let input = try LineInput(path)
    let name = path == "-" ? "standard input" : path
    while !isStopped(), let line = try input.next(isStopped: isStopped, beforeWaiting: {}) {
      do {
        if let record = try self.record(in: line, path: name, number: input.lineNumber) {
          try take(record)
        }
      } catch let error as AnnotationError {
        // A file that is still written, or whose writer was killed, ends anywhere.
        guard input.isLastUnfinished else { throw error }
        logger.warning(
          """
          \(printable(name)): the last line (\(input.lineNumber)) is cut off and left out; all \
          before it count
          """)
      }
    }
  }

  /// Only frames have to be whole: other programs say less about sources and runs.
  private func record(in line: [UInt8], path: String, number: Int) throws -> Record? {
    let frame = try Record.line(line, path: path, number: number, of: [.frame])
    return frame ?? (try? Record.line(line, path: path, number: number))
  }

  private func log(_ converter: ResultConverter) {
    logger.notice("\(converter.frames) frames with \(converter.objects) objects")
    if converter.otherLines > 0 {
      logger.warning(
        """
        \(converter.otherLines) lines of 'classify' or 'segment' are left out: they have no objects
        """)
    }
    if converter.pictures > 0 {
      logger.warning("\(converter.pictures) pictures are left out: subtitles are for videos")
    }
    if converter.untracked > 0 {
      logger.warning(
        """
        \(converter.untracked) objects without a track are left out; 'stream-detect track RUN.jsonl \
        -o TRACKS.jsonl' adds tracks, and --to mot-det takes detections without
        """)
    }
  }

  private func writeLines(isStopped: () -> Bool) throws {
    let file = try OutputFile(command.output)
    let sizes = PictureSizes(folder: command.images)
    var (frames, objects) = (0, 0)
    for input in command.inputs where !isStopped() {
      let annotations = try ForeignAnnotations(path: input) { sizes.size(of: $0) }
      for note in annotations.notes { logger.warning("\(printable(input)): \(note)") }
      for var frame in annotations.frames where frame.index.isMultiple(of: command.step) {
        frame.objects.removeAll { $0.confidence < command.conf }
        try file.write(frame.line())
        frames += 1
        objects += frame.objects.count
      }
    }
    guard !isStopped() else { return }
    try file.finish()
    logger.notice("\(frames) frames with \(objects) objects")
  }
}
