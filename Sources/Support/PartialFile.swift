#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The two names of a file that is being written: `X.partial` until it is complete, then `X`.
///
/// A failed run leaves `X.partial` behind: it may be worth keeping, it can't be mistaken for a
/// result, and the next run overwrites it. `AtomicFile` writes bytes; use this type directly only
/// for writers that open the file themselves, such as FFmpeg.
package struct PartialFile: Hashable, Sendable {
  /// The final name.
  package let path: String

  package init(path: String) { self.path = path }

  /// The name while the file is being written.
  package var partialPath: String { path + ".partial" }

  /// Whether `path` is a device, a pipe or a socket, which must be written in place.
  package static func isSpecial(_ path: String) -> Bool {
    if path.hasPrefix("/dev/") { return true }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Syncs the file to disk, then gives it its final name.
  package func commit() throws(FileError) {
    let descriptor = unsafe open(partialPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("fsync") }
    try giveFinalName()
  }

  /// Gives the file its final name.
  package func giveFinalName() throws(FileError) {
    guard unsafe rename(partialPath, path) == 0 else { throw failure("rename") }
  }

  /// Removes the partial file.
  package func discard() { _ = unsafe unlink(partialPath) }

  func failure(_ call: String) -> FileError { FileError(code: errno, call: call, path: path) }
}
