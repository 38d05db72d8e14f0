internal import Foundation

/// A folder that one process fills with files of its own; other processes are refused meanwhile.
///
/// The lock is on the folder itself: it leaves nothing behind, and ends with the process.
package final class FolderClaim {
  private let descriptor: Int32

  /// Claims a folder that exists.
  package init(_ folder: String) throws(FileError) {
    descriptor = try DiskCall.run("open", folder) { _ throws(FileError) in
      let descriptor = unsafe open(FileName.cString(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: folder) }
      return descriptor
    }
    // A writer of another file in the folder may hold it for a moment.
    for _ in 0..<100 where !OutputClaim.take(descriptor) { usleep(2000) }
    guard OutputClaim.take(descriptor) else { throw .inUse(folder) }
  }

  deinit { close(descriptor) }

  /// Whether a process has claimed a folder, which may be missing.
  package static func isTaken(_ folder: String) -> Bool {
    do { _ = try FolderClaim(folder) } catch { return error.isInUse }
    return false
  }
}
