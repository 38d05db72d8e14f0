internal import Pipeline
internal import Support

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// The file that a path leads to, whatever the path.
public struct FileIdentity: Hashable, Sendable {
  private let device: UInt64
  private let inode: UInt64

  /// The regular file that `path` leads to, following links; `nil` if there is none.
  public init?(path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }
}

/// Whether `path` leads to a folder.
public func isDirectory(_ path: String) -> Bool {
  var status = stat()
  return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Makes the folder `path` and those above it if they are missing.
///
/// - Throws: `SinkError` when one cannot be made.
func makeDirectories(_ path: String) throws(SinkError) {
  if isDirectory(path) || path.isEmpty { return }
  let parent = parentPath(of: path)
  if parent != path { try makeDirectories(parent) }
  guard unsafe mkdir(path, 0o777) == 0 || (errno == EEXIST && isDirectory(path)) else {
    throw SinkError(FileError(code: errno, call: "mkdir", path: path))
  }
}

/// Everything before the last slash; empty if there is none.
func parentPath(of path: String) -> String {
  var trimmed = path[...]
  while trimmed.count > 1 && trimmed.hasSuffix("/") { trimmed.removeLast() }
  guard let slash = trimmed.lastIndex(of: "/") else { return "" }
  return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
}
