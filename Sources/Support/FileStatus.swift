internal import Foundation

/// What a path leads to.
package struct FileStatus: Hashable, Sendable {
  /// What it is.
  package enum Kind: Sendable {
    /// A regular file.
    case file
    /// A folder.
    case folder
    /// A link, where links are not followed.
    case link
    /// A pipe, a device or a socket.
    case special
  }

  /// What it is.
  package let kind: Kind
  /// The file system that it is on.
  package let device: UInt64
  /// Its number there: two paths with one device and number lead to one file.
  package let inode: UInt64
  /// Its bytes.
  package let size: Int
  /// When its contents were changed last, in nanoseconds since 1970.
  package let modified: Int

  /// Asks the disk, which may take as long as `DiskCall` allows.
  ///
  /// - Throws: `FileError`, one that `isTimedOut` if the drive doesn't answer.
  package init(_ path: String, followsLinks: Bool = true) throws(FileError) {
    self = try DiskCall.run("stat", path) { _ throws(FileError) in
      try FileStatus(waitingFor: path, followsLinks: followsLinks)
    }
  }

  /// Asks the disk for as long as it takes; for the body of a `DiskCall`.
  package init(waitingFor path: String, followsLinks: Bool = true) throws(FileError) {
    var status = stat()
    let name = FileName.cString(path)
    let result = unsafe followsLinks ? stat(name, &status) : lstat(name, &status)
    guard result == 0 else { throw FileError(code: errno, call: "stat", path: path) }
    self.init(status)
  }

  /// What an open descriptor leads to.
  ///
  /// - Throws: `FileError` about `path`.
  package init(descriptor: Int32, path: String) throws(FileError) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FileError(code: errno, call: "fstat", path: path)
    }
    self.init(status)
  }

  private init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .special
      }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    size = Int(status.st_size)
    #if canImport(Darwin)
    let time = status.st_mtimespec
    #else
    let time = status.st_mtim
    #endif
    // A file may claim any time; what doesn't fit is as good as another time.
    modified = Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }
}
