#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// The two names of a file that is being written: `X.partial` until it is complete, then `X`.
///
/// A failed run leaves `X.partial` behind: it may be worth keeping, nothing mistakes it for a result,
/// and the next run overwrites it. `AtomicFile` writes the bytes; this type alone serves writers that
/// open the file themselves, as FFmpeg does.
package struct PartialFile: Hashable, Sendable {
  /// The final name.
  package let path: String

  package init(path: String) { self.path = path }

  /// The name while it is being written.
  package var partialPath: String { path + ".partial" }

  /// Whether `path` is a device, a pipe or a socket, which has to be written in place.
  package static func isSpecial(_ path: String) -> Bool {
    if path.hasPrefix("/dev/") { return true }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Waits until the file is on the disk, then gives it its final name.
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

  /// Removes what was written.
  package func discard() { _ = unsafe unlink(partialPath) }

  func failure(_ call: String) -> FileError { FileError(code: errno, call: call, path: path) }
}
