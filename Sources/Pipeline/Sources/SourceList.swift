internal import Media
internal import Support

/// How arguments are read as sources.
public struct SourceListOptions: Hashable, Sendable {
  /// Whether a folder includes its subfolders.
  public var isRecursive: Bool
  /// Whether URLs, devices, pipes and standard input are live; `nil` if the address, or the source
  /// itself, tells.
  ///
  /// Regular files never are.
  public var isLive: Bool?
  /// Whether lines of manifests may say more than the name of a source.
  var takesSettings = false
  /// Whether a source that is listed twice is read twice.
  var keepsDuplicates = true

  /// By default without subfolders, and with kinds that the sources tell.
  public init(isRecursive: Bool = false, isLive: Bool? = nil) {
    self.isRecursive = isRecursive
    self.isLive = isLive
  }
}

/// Turns command line arguments into sources.
///
/// An argument is `-` for standard input, a URL, a device (`/dev/video0`), a file, a folder (the
/// media files in it, by name), a pattern (`'*.mp4'`, `'**/*.mkv'`), or `@LIST`: a text file with
/// an argument a line, or a manifest `X.jsonl` with `{"id": …, "uri": …}` a line; `@-` is a list on
/// standard input. Paths in a list are read as if they were arguments: from the working directory.
///
/// A missing file is accepted here: opening it fails later, and the other sources go on. So is a
/// folder that can't be read. Files in a folder that are no media are counted. A source is named as
/// it is written, a file in a folder by the folder and its own name, so that files of the same name
/// in different folders stay distinct. What is listed twice is read twice, as `NAME` and `NAME#2`.
/// Two equal ids in manifests are an error.
public enum SourceList {
  /// Expands the arguments in order.
  ///
  /// - Throws: `SourceListError` with the argument that doesn't name a source.
  public static func expand(
    _ arguments: [String], options: SourceListOptions = SourceListOptions()
  ) throws(SourceListError) -> [MediaSource] {
    try survey(arguments, options: options).sources
  }

  /// Expands the arguments in order, and counts what folders have besides.
  ///
  /// - Throws: `SourceListError` with the argument that doesn't name a source.
  public static func survey(
    _ arguments: [String], options: SourceListOptions = SourceListOptions()
  ) throws(SourceListError) -> (sources: [MediaSource], passedOver: PassedOver) {
    var expansion = SourceExpansion(options: options)
    for argument in arguments { try expansion.add(argument) }
    return (expansion.sources, expansion.passedOver)
  }
}

/// The sources so far, and the names they have taken.
struct SourceExpansion {
  let options: SourceListOptions
  private(set) var sources: [MediaSource] = []
  private(set) var passedOver = PassedOver()
  /// What lines of manifests say besides, by the names of the sources.
  private(set) var settings: [String: SourceSettings] = [:]
  private var names: Set<String> = []
  /// The highest number behind a name that several sources have.
  private var copies: [String: Int] = [:]
  private var hasStandardInput = false

  init(options: SourceListOptions) {
    self.options = options
  }

  mutating func add(_ argument: String) throws(SourceListError) {
    if argument.hasPrefix("@") {
      try addList(String(argument.dropFirst()))
    } else {
      try addPlain(argument, shownAs: redacted(argument))
    }
  }

  /// Adds the sources of an argument that isn't a list, or of a line in a list.
  mutating func addPlain(_ argument: String, shownAs shown: String) throws(SourceListError) {
    guard !argument.isEmpty else {
      throw SourceListError("''", "The argument is empty.", "Give a file, a folder or a URL.")
    }
    if argument == "-" || MediaSource.scheme(of: argument) != nil {
      return try append(MediaSource(argument), shownAs: shown)
    }
    switch FolderListing.item(at: argument) {
    case .folder:
      try addFolder(argument, shownAs: shown)
    case .missing where GlobPattern.isPattern(argument):
      let files = MediaFiles.paths(matching: GlobPattern(argument))
      guard !files.isEmpty else {
        throw SourceListError(
          shown, "No file matches this pattern.", "Try it with 'ls'; quotes turn patterns off.")
      }
      for file in files { try append(MediaSource(file), shownAs: shown) }
    case .file, .special, .missing, .unanswered:
      try append(MediaSource(argument), shownAs: shown)
    }
  }

  /// Adds a source with an id that no other source may have.
  mutating func addNamed(
    _ id: String, _ location: String, shownAs shown: String
  ) throws(SourceListError) {
    guard names.insert(id).inserted else {
      throw SourceListError(
        shown, "The id '\(id)' is used twice.", "Give every source an id of its own.")
    }
    var source = MediaSource(location)
    source.name = id
    try appendUnchecked(source, shownAs: shown)
  }

  /// Notes what the line that has added the last sources says besides.
  mutating func note(_ line: ManifestLine, from first: Int, shownAs place: String) {
    guard let settings = line.settings(at: place) else { return }
    for source in sources[first...] { self.settings[source.name] = settings }
  }

  /// Notes that standard input is read, as a source or as a list.
  mutating func takeStandardInput(shownAs shown: String) throws(SourceListError) {
    guard !hasStandardInput else {
      throw SourceListError(
        shown, "Standard input can be read only once.", "Give '-' or '@-' a single time.")
    }
    hasStandardInput = true
  }

  private mutating func addFolder(_ folder: String, shownAs shown: String) throws(SourceListError) {
    let contents = MediaFiles.contents(of: folder, isRecursive: options.isRecursive)
    passedOver += contents.passedOver
    guard !contents.paths.isEmpty else {
      throw SourceListError(
        shown,
        ["The folder contains no video or image.", contents.passedOver.summary]
          .filter { !$0.isEmpty }.joined(separator: " "),
        options.isRecursive || contents.passedOver.folders == 0
          ? "Name files with other suffixes one by one, or by a pattern."
          : "Add --recursive to include its subfolders.")
    }
    for file in contents.paths { try append(MediaSource(file), shownAs: shown) }
  }

  private mutating func append(_ source: MediaSource, shownAs shown: String) throws(SourceListError)
  {
    if !options.keepsDuplicates, names.contains(source.name) { return }
    var source = source
    let name = source.name
    // Counted on, as a list may have one name thousands of times.
    var count = copies[name] ?? 1
    while !names.insert(source.name).inserted {
      count += 1
      source.name = "\(name)#\(count)"
    }
    if count > 1 { copies[name] = count }
    try appendUnchecked(source, shownAs: shown)
  }

  private mutating func appendUnchecked(
    _ source: MediaSource, shownAs shown: String
  ) throws(SourceListError) {
    if source.location == "-" { try takeStandardInput(shownAs: shown) }
    var source = source
    if let isLive = options.isLive, !source.isRegularFile {
      source.kind = isLive ? .live : .file
      source.isKindOpen = false
    }
    sources.append(source)
  }
}
