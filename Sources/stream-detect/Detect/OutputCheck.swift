internal import Media
internal import Output
internal import Pipeline

/// Refuses outputs that cannot be meant, before anything is opened.
struct OutputCheck {
  let sources: [MediaSource]

  /// Files that are read, however they are called.
  var inputs: Set<FileIdentity> { Set(sources.compactMap { FileIdentity(path: $0.location) }) }

  /// - Throws: `ProgramError` with status `usage`.
  func check(_ output: OutputOptions) throws {
    if let video = output.video { try check(video: video) }
    if let video = output.video, video == output.jsonl {
      throw ProgramError(
        .usage, video, "--video and --jsonl name the same file", remedy: "Give each its own")
    }
    let files = [("--jsonl", output.jsonl), ("--video", output.video)]
    for (option, path) in files {
      guard let path else { continue }
      // The file that is written until it is complete must not be an input either.
      for path in [path, path + ".partial"] {
        guard let identity = FileIdentity(path: path), inputs.contains(identity) else { continue }
        throw ProgramError(
          .usage, "\(option) \(path)", "this output is one of the inputs",
          remedy: "Choose another path; inputs are never written to")
      }
    }
  }

  private func check(video: String) throws {
    guard sources.count != 1, !isFolderTarget(video) else { return }
    throw ProgramError(
      .usage, "--video \(redacted(video))", "\(sources.count) sources do not fit into one video",
      remedy: "Name a folder, with a slash at its end when it is new")
  }
}

/// Whether videos go into a folder rather than one file.
func isFolderTarget(_ path: String) -> Bool {
  !isURL(path) && (path.hasSuffix("/") || isDirectory(path))
}

/// Whether a video goes over the network.
func isURL(_ path: String) -> Bool { path.contains("://") }
