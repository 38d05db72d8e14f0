internal import Media
internal import Output
internal import Pipeline
internal import Support

/// Rejects outputs that are certainly a mistake, before anything is opened.
struct OutputCheck {
  private let outputs: RunOutputs
  private let sources: [MediaSource]
  /// The files that are read, whatever paths lead to them; none if no file is written.
  let inputs: InputFiles

  /// `otherInputs` are files that are read besides the sources: models, labels, lists.
  init(_ outputs: RunOutputs, sources: [MediaSource], otherInputs: [String] = []) {
    self.outputs = outputs
    self.sources = sources
    // What writes no file destroys none, and needn't look at thousands of sources.
    guard outputs.places.contains(where: { isRegularOutput($0.path) }) else {
      inputs = InputFiles([])
      return
    }
    let places = sources.map(\.location)
    inputs = InputFiles(places + filesNamedByPlaylists(places) + otherInputs)
  }

  /// - Throws: `StreamDetectError.options`.
  func check() throws(StreamDetectError) {
    if let path = outputs.jsonLines { try check(lines: path, isGrowing: outputs.isAppending) }
    if let video = outputs.video { try check(video: video) }
    for (option, path) in [
      ("frames", outputs.frames), ("crops", outputs.crops), ("snapshots", outputs.snapshots),
      ("maps", outputs.maps),
    ] {
      guard let path else { continue }
      switch FolderListing.item(at: path) {
      case .file, .special: throw Self.failure(option, path, "It is a file.", "Name a folder.")
      case .folder, .missing, .unanswered: continue
      }
    }
    try checkApart()
    try checkInputs()
  }

  private func check(lines path: String, isGrowing: Bool) throws(StreamDetectError) {
    if path.utf8.last == UInt8(ascii: "/") || isDirectory(path) {
      throw Self.failure("jsonLines", path, "It is a folder.", "Name a file in it.")
    }
    if isGrowing, !isRegularOutput(path) {
      throw Self.failure(
        "jsonLines", path, "Lines can only be added to a file.",
        "Name a file, or leave out --append and --rotate.")
    }
  }

  private func check(video: String) throws(StreamDetectError) {
    if !isFolderTarget(video) {
      do { try VideoWriter.checkName(video) } catch {
        throw Self.failure("video", redacted(video), error.message, error.remedy)
      }
    }
    guard sources.count != 1, !isFolderTarget(video) else { return }
    throw Self.failure(
      "video", redacted(video), "One video cannot hold \(sources.count) sources.",
      "Name a folder, with a trailing slash if it does not exist yet.")
  }

  /// Outputs that go to one place would destroy each other.
  private func checkApart() throws(StreamDetectError) {
    let places = outputs.places.filter { isRegularOutput($0.path) }
    for (number, second) in places.enumerated() {
      guard let first = places[..<number].first(where: { isSamePlace($0.path, second.path) })
      else { continue }
      throw Self.failure(
        second.option, second.path,
        first.option == "jsonLines"
          ? "The JSON lines go to the same file." : "Other pictures go to the same folder.",
        "Give each its own.")
    }
  }

  /// Files that would be written in place of a file that is read.
  private func checkInputs() throws(StreamDetectError) {
    let files = [outputs.jsonLines, outputs.video].compactMap { $0 }.filter {
      isRegularOutput($0) && !isURL($0) && !isFolderTarget($0)
    }
    for (option, path) in outputs.places where isRegularOutput(path) {
      if inputs.contains(path) {
        throw Self.failure(
          option, path, "This output is one of the inputs.",
          "Choose another path; inputs are never written to.")
      }
      guard option != "jsonLines", option != "video" || isFolderTarget(path) else { continue }
      let tree = OutputTree(
        root: path,
        content: option == "video" ? .videos : option == "maps" ? .maps : .pictures,
        inputs: inputs)
      for source in sources {
        do { try tree.check(source.name, besides: files) } catch {
          throw Self.failure(option, path, error.message, "")
        }
      }
    }
  }

  private static func failure(
    _ option: String, _ path: String, _ message: String, _ remedy: String
  ) -> StreamDetectError {
    .options(OptionFailure(option, path, message: message, remedy: remedy))
  }
}

extension RunOutputs {
  /// Rejects outputs that would destroy an input or each other; `otherInputs` are files that are
  /// read besides the sources.
  ///
  /// - Throws: `StreamDetectError.options`.
  package func check(
    against sources: [Source], otherInputs: [String] = []
  ) throws(StreamDetectError) {
    try OutputCheck(self, sources: sources.map(\.mediaSource), otherInputs: otherInputs).check()
  }

  /// The files and folders that are written to, with their options.
  fileprivate var places: [(option: String, path: String)] {
    let named: [(option: String, path: String?)] = [
      ("jsonLines", jsonLines), ("video", video), ("frames", frames), ("crops", crops),
      ("snapshots", snapshots), ("maps", maps),
    ]
    return named.compactMap { named -> (option: String, path: String)? in
      guard let path = named.path, !isURL(path) else { return nil }
      return (named.option, path)
    }
  }
}

/// Whether videos go into a folder rather than one file.
func isFolderTarget(_ path: String) -> Bool {
  !isURL(path) && (path.utf8.last == UInt8(ascii: "/") || isDirectory(path))
}

/// Whether a video goes over the network.
func isURL(_ path: String) -> Bool { path.contains("://") }
