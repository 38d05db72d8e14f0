internal import Media
internal import Output
internal import Pipeline

/// Rejects outputs that are certainly a mistake, before anything is opened.
struct OutputCheck {
  let sources: [MediaSource]

  /// The files that are read, whatever paths lead to them.
  var inputs: Set<FileIdentity> { Set(sources.compactMap { FileIdentity(path: $0.location) }) }

  /// - Throws: `StreamDetectError.options`.
  func check(_ outputs: RunOutputs) throws(StreamDetectError) {
    if let video = outputs.video {
      try check(video: video)
      guard video != outputs.jsonLines else {
        throw .options(
          OptionFailure(
            "video", redacted(video), message: "The JSON lines go to the same file.",
            remedy: "Give each its own."))
      }
    }
    for (option, path) in [("jsonLines", outputs.jsonLines), ("video", outputs.video)] {
      guard let path else { continue }
      // The partial file, which is renamed once it is complete, must not be an input either.
      for written in [path, path + ".partial"] {
        guard let identity = FileIdentity(path: written), inputs.contains(identity) else {
          continue
        }
        throw .options(
          OptionFailure(
            option, path, message: "This output is one of the inputs.",
            remedy: "Choose another path; inputs are never written to."))
      }
    }
  }

  private func check(video: String) throws(StreamDetectError) {
    guard sources.count != 1, !isFolderTarget(video) else { return }
    throw .options(
      OptionFailure(
        "video", redacted(video), message: "One video cannot hold \(sources.count) sources.",
        remedy: "Name a folder, with a trailing slash if it does not exist yet."))
  }
}

extension RunOutputs {
  /// Rejects outputs that would destroy an input or each other.
  ///
  /// - Throws: `StreamDetectError.options`.
  package func check(against sources: [Source]) throws(StreamDetectError) {
    try OutputCheck(sources: sources.map(\.mediaSource)).check(self)
  }
}

/// Whether videos go into a folder rather than one file.
func isFolderTarget(_ path: String) -> Bool {
  !isURL(path) && (path.hasSuffix("/") || isDirectory(path))
}

/// Whether a video goes over the network.
func isURL(_ path: String) -> Bool { path.contains("://") }
