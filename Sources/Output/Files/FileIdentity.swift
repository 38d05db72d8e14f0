internal import Foundation
internal import Pipeline
internal import Support

/// The file that a path leads to, whatever the path.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// The regular file that `path` leads to, following links; `nil` if there is none.
  public init?(path: String) {
    var status = stat()
    guard unsafe stat(FileName.cString(path), &status) == 0 else { return nil }
    self.init(status)
  }

  /// The regular file that standard input comes from; `nil` if it is something else.
  init?(standardInput: Void) {
    var status = stat()
    guard unsafe fstat(STDIN_FILENO, &status) == 0 else { return nil }
    self.init(status)
  }

  private init?(_ status: stat) {
    guard status.st_mode & S_IFMT == S_IFREG else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }
}

/// The files that a run reads, which must not be written to.
public struct InputFiles: Sendable {
  private let identities: Set<FileIdentity>
  private let names: Set<String>
  /// The folders of those files that may be pictures of an earlier run.
  private let pictureFolders: Set<String>

  /// Notes the files at `paths`, also those that are missing.
  ///
  /// `-` is what standard input comes from; what is no file is left out.
  public init(_ paths: some Sequence<String>) {
    var identities: Set<FileIdentity> = []
    var names: Set<String> = []
    for path in paths where !path.contains("://") || path.hasPrefix("file://") {
      if path == "-" {
        if let identity = FileIdentity(standardInput: ()) { identities.insert(identity) }
        continue
      }
      let path = path.hasPrefix("file://") ? URL(string: path)?.path ?? path : path
      if let identity = FileIdentity(path: path) { identities.insert(identity) }
      names.insert(resolvedPath(path))
    }
    self.identities = identities
    self.names = names
    pictureFolders = Set(names.filter(isNumberedPicture).map(PathText.parent))
  }

  /// Whether `path` leads to one of the files, or would if that existed.
  public func contains(_ path: String) -> Bool {
    if let identity = FileIdentity(path: path), identities.contains(identity) { return true }
    return names.contains(resolvedPath(path))
  }

  /// Whether one of the files in `folder` itself may be a picture of an earlier run.
  func hasPicture(in folder: String) -> Bool { pictureFolders.contains(resolvedPath(folder)) }
}

/// Whether `path` leads to a folder.
public func isDirectory(_ path: String) -> Bool {
  var status = stat()
  return unsafe stat(FileName.cString(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether two paths lead to one place, also if that doesn't exist yet.
public func isSamePlace(_ a: String, _ b: String) -> Bool { resolvedPath(a) == resolvedPath(b) }

/// Makes the folder `path` and those above it if they are missing.
///
/// - Throws: `SinkError` when one cannot be made.
func makeDirectories(_ path: String) throws(SinkError) {
  if isDirectory(path) || path.isEmpty { return }
  let parent = PathText.parent(of: path)
  if parent != path { try makeDirectories(parent) }
  guard unsafe mkdir(FileName.cString(path), 0o777) == 0 || (errno == EEXIST && isDirectory(path))
  else {
    throw SinkError(FileError(code: errno, call: "mkdir", path: path))
  }
}
