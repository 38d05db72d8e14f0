internal import Foundation
public import Pipeline
internal import Support

/// Gives each source its own path in an output folder, with the same subfolders as in its name.
///
/// `a/clip.mp4` becomes `DIR/a/clip.mp4…`, so that files of different folders stay apart. Names
/// that lead out of the folder or are no file names (URLs) are made safe; if two become equal, the
/// second gets a number. A path that leads to an input is refused.
public final class OutputTree {
  /// What is in the folder.
  public enum Content: Sendable {
    /// One picture of each image, a folder of numbered pictures of every other source.
    case pictures
    /// One map of classes of each image, a folder of numbered ones of every other source.
    case maps
    /// One video of each source.
    case videos

    /// The suffixes that files have: a source whose name has one keeps it.
    var suffixes: Set<String> {
      switch self {
      case .pictures: ["jpg", "jpeg", "png"]
      case .maps: ["png"]
      case .videos: ["mp4", "mkv", "mov", "avi"]
      }
    }

    /// The suffix that other names get.
    var usualSuffix: String {
      switch self {
      case .pictures: "jpg"
      case .maps: "png"
      case .videos: "mp4"
      }
    }
  }

  /// The folder.
  public let root: String
  private let content: Content
  private let inputs: InputFiles
  /// The relative path that stands for a source.
  private let place: (String) -> String
  private var names = OutputNames()
  // By the bytes of the names of sources: as text, composed and decomposed letters are equal.
  private var files: [[UInt8]: String] = [:]
  private var folders: [[UInt8]: String] = [:]
  /// The folders that are in use: their claims, and their paths without links.
  private var claims: [[UInt8]: (claim: FolderClaim, resolved: String)] = [:]

  /// Plans the folder `root` without making it; the files `inputs` are never written to.
  ///
  /// `place` gives the plain relative path for a source, if not the usual one.
  public init(
    root: String, content: Content, inputs: InputFiles,
    place: ((String) -> String)? = nil
  ) {
    self.place = place ?? PlainPath.of
    self.root = root
    self.content = content
    self.inputs = inputs
  }

  /// The path of a source's only file, always the same for the same name.
  ///
  /// `ROOT/SOURCE`, with the usual suffix unless the source's name has a possible one. Makes its
  /// folder.
  ///
  /// - Throws: `SinkError` when the folder cannot be made or the path is an input.
  func file(for source: String) throws(SinkError) -> String {
    let key = Array(source.utf8)
    let place = files[key] ?? names.file(withSuffix(self.place(source)))
    files[key] = place
    let path = PathText.join(root, place)
    try makeDirectories(PathText.parent(of: path))
    try refuseInput(path)
    return path
  }

  /// The path of one of a source's numbered pictures.
  ///
  /// `ROOT/SOURCE/NAME`, or `ROOT/SOURCE/RUN/NAME` with a run. Makes its folder, which no other
  /// process writes to at the same time.
  ///
  /// - Throws: `SinkError` when the folder cannot be made or claimed, or the path is an input.
  func picture(_ name: String, of source: String, run: String?) throws(SinkError) -> String {
    let key = Array(source.utf8)
    let folder = self.place(of: source, run: run)
    try makeDirectories(folder)
    let resolved: String
    if let known = claims[key] {
      resolved = known.resolved
    } else {
      // Once, not for each of many pictures.
      resolved = resolvedPath(folder)
      claims[key] = (try Self.claim(folder), resolved)
    }
    let path = PathText.join(folder, name)
    if inputs.contains(path, resolved: PathText.join(resolved, name)) { throw Self.isInput(path) }
    return path
  }

  /// The folder of a source's numbered pictures, always the same for the same name; isn't made.
  func place(of source: String, run: String?) -> String {
    let key = Array(source.utf8)
    let place = folders[key] ?? names.folder(self.place(source))
    folders[key] = place
    let all = PathText.join(root, place)
    return run.map { PathText.join(all, $0) } ?? all
  }

  /// Says that no picture of a source will follow.
  func close(_ source: String) { claims[Array(source.utf8)] = nil }

  /// Makes sure, before anything is read, that no output of a source is certain to be refused, or
  /// to be in the place of one of the files `others`.
  ///
  /// - Throws: `SinkError` with the kind `refused`.
  public func check(_ source: String, besides others: [String] = []) throws(SinkError) {
    let plain = place(source)
    let file = PathText.join(root, withSuffix(plain))
    try refuseInput(file)
    guard content != .videos, !Self.stillSuffixes.contains(PathText.suffix(of: plain)) else {
      try refuse(file, besides: others)
      if isDirectory(file) {
        throw SinkError(.refused, "\(file): it is a folder. Move it, or choose another place.")
      }
      return
    }
    let folder = PathText.join(root, plain)
    try refuseInput(folder)
    try refuse(folder, besides: others)
    if FileIdentity(path: folder) != nil {
      throw SinkError(.refused, "\(folder): it is a file. Move it, or choose another place.")
    }
    if inputs.hasPicture(in: folder) { throw Self.isInput(folder) }
    if FolderClaim.isTaken(folder) { throw SinkError(.inUse(folder)) }
  }

  /// Suffixes of sources that are one picture, and so have no folder.
  private static let stillSuffixes: Set<String> = [
    "avif", "bmp", "heic", "heif", "jfif", "jp2", "jpeg", "jpg", "jxl", "png", "tif", "tiff",
    "webp",
  ]

  private func withSuffix(_ plain: String) -> String { Self.fileName(of: plain, content: content) }

  /// The relative path of the only file of a source with the path `plain`.
  package static func fileName(of plain: String, content: Content) -> String {
    content.suffixes.contains(PathText.suffix(of: plain))
      ? plain : "\(plain).\(content.usualSuffix)"
  }

  private static func claim(_ folder: String) throws(SinkError) -> FolderClaim {
    do { return try FolderClaim(folder) } catch { throw SinkError(error) }
  }

  private func refuseInput(_ path: String) throws(SinkError) {
    if inputs.contains(path) { throw Self.isInput(path) }
  }

  private func refuse(_ path: String, besides others: [String]) throws(SinkError) {
    guard others.contains(where: { isSamePlace($0, path) }) else { return }
    throw SinkError(
      .refused, "\(path): another output goes to the same place. Give each its own.")
  }

  private static func isInput(_ path: String) -> SinkError {
    SinkError(
      .refused,
      "\(path): this output is one of the inputs. Choose another path; inputs are never written to."
    )
  }
}
