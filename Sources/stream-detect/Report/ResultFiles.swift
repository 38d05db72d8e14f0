internal import Annotations
internal import Logging
internal import Report
internal import Support

/// Reads what happened from files of JSON lines, one after the other.
struct ResultFiles {
  let paths: [String]
  let keepsCourse: Bool
  let logger: Logger

  /// Reads until the end of the last file, or until `isStopped`; what is missing is logged.
  ///
  /// - Throws: `AnnotationError` for a file or a line that can't be read.
  func digest(isStopped: () -> Bool) throws -> RunDigest {
    var digest = RunDigest(keepsCourse: keepsCourse)
    for path in paths where !isStopped() {
      let before = digest.lines
      try read(path, into: &digest, isStopped: isStopped)
      guard digest.lines > before || isStopped() else {
        throw AnnotationError(
          path: name(path), message: "There is no line in it.",
          remedy: "Give the JSON lines that 'stream-detect detect --jsonl' wrote.")
      }
    }
    return digest
  }

  private func read(
    _ path: String, into digest: inout RunDigest, isStopped: () -> Bool
  ) throws {
    let input = try LineInput(path)
    digest.beginFile()
    while !isStopped(), let line = try input.next(isStopped: isStopped, beforeWaiting: {}) {
      do {
        try digest.take(line, path: name(path), number: input.lineNumber)
      } catch {
        // A file that is still written, or whose writer was killed, ends anywhere.
        guard input.isLastUnfinished else { throw error }
        logger.warning(
          """
          \(printable(name(path))): the last line (\(input.lineNumber)) is cut off and left out; \
          all before it count
          """)
      }
    }
  }

  private func name(_ path: String) -> String { path == "-" ? "standard input" : path }
}

/// Whether a signal asked a command to stop.
///
/// A command that only reads has nothing to finish, and ends with the signal's status.
struct StopFlag {
  private let isSet = Locked(false)
  private let signals: Signals

  init(logger: Logger) {
    signals = Signals(logger: logger, notice: "stopping; nothing is written") { [isSet] in
      isSet.withLock { $0 = true }
    }
  }

  func callAsFunction() -> Bool { isSet.withLock { $0 } }

  /// - Throws: the status of the signal, if there was one.
  func check() throws {
    if let status = signals.status { throw status }
  }
}

extension RunDigest {
  /// Logs what the figures don't contain.
  func logGaps(_ logger: Logger) {
    if wholeFrameLines > 0 {
      logger.warning(
        "\(wholeFrameLines) lines of 'classify' or 'segment' are left out: they have no objects")
    }
    if otherLines > 0 {
      logger.warning("\(otherLines) lines of other types are left out")
    }
    if isCut {
      logger.warning(
        "there is more than is kept: some sources, classes, tracks or events are missing")
    }
  }
}
