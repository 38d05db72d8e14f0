internal import Foundation

/// A folder that one process fills with files of its own; other processes are refused meanwhile.
///
/// The lock is on the folder itself: it leaves nothing behind, and ends with the process.
package final class FolderClaim {
  private let descriptor: Int32
  private let identity: FolderIdentity?

  /// Claims a folder that exists.
  package init(_ folder: String) throws(FileError) {
    descriptor = try DiskCall.run("open", folder) { _ throws(FileError) in
      let descriptor = unsafe open(FileName.cString(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: folder) }
      return descriptor
    }
    // A writer of another file in the folder may hold it for a moment.
    var isTaken = OutputClaim.take(descriptor)
    for _ in 0..<100 where !isTaken {
      usleep(2000)
      isTaken = OutputClaim.take(descriptor)
    }
    guard isTaken else {
      close(descriptor)
      throw .inUse(folder)
    }
    identity = FolderIdentity(descriptor)
    if let identity { Self.own.withLock { _ = $0.insert(identity) } }
  }

  deinit {
    if let identity { Self.own.withLock { _ = $0.remove(identity) } }
    close(descriptor)
  }

  /// The folders that this process has claimed.
  private static let own = Locked<Set<FolderIdentity>>([])

  /// Whether this process has claimed a folder.
  static func isOwn(_ folder: FolderIdentity) -> Bool { own.withLock { $0.contains(folder) } }

  /// Whether a process has claimed a folder, which may be missing.
  package static func isTaken(_ folder: String) -> Bool {
    do { _ = try FolderClaim(folder) } catch { return error.isInUse }
    return false
  }
}
