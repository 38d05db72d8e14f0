package import Foundation

/// Calls on files that grow and go, such as recordings: each is made at once, on the caller's
/// thread, which may hang as the drive does.
package enum PlainFile {
  /// Makes an empty file.
  ///
  /// - Throws: `FileError`, with the code `EEXIST` if there is something of this name.
  package static func create(_ path: String) throws(FileError) {
    let descriptor = unsafe open(
      FileName.cString(path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: path) }
    close(descriptor)
  }

  /// Adds bytes to the end of a file, which is made if it isn't there.
  package static func append(_ bytes: [UInt8], to path: String) throws(FileError) {
    let descriptor = unsafe open(
      FileName.cString(path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: path) }
    defer { close(descriptor) }
    if let code = unsafe bytes.withUnsafeBytes({ unsafe writeAll($0, to: descriptor) }) {
      throw FileError(code: code, call: "write", path: path)
    }
  }

  /// Cuts a file off after so many bytes.
  package static func truncate(_ path: String, to bytes: Int) throws(FileError) {
    guard unsafe Foundation.truncate(FileName.cString(path), off_t(bytes)) == 0 else {
      throw FileError(code: errno, call: "truncate", path: path)
    }
  }

  /// Removes a file.
  package static func remove(_ path: String) throws(FileError) {
    guard unsafe unlink(FileName.cString(path)) == 0 else {
      throw FileError(code: errno, call: "unlink", path: path)
    }
  }

  /// Removes a folder if there is nothing in it; returns whether it is gone.
  package static func removeEmptyFolder(_ path: String) -> Bool {
    unsafe rmdir(FileName.cString(path)) == 0
  }

  /// The number of a file's bytes, and when it was last written.
  package static func extent(
    of path: String
  ) throws(FileError) -> (bytes: Int, modified: Date) {
    var status = stat()
    guard unsafe stat(FileName.cString(path), &status) == 0 else {
      throw FileError(code: errno, call: "stat", path: path)
    }
    #if canImport(Darwin)
    let time = status.st_mtimespec
    #else
    let time = status.st_mtim
    #endif
    let seconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    return (Int(status.st_size), Date(timeIntervalSince1970: seconds))
  }

  /// The bytes that the file system of `path` has left for this user.
  package static func freeBytes(at path: String) throws(FileError) -> Int {
    var status = statvfs()
    guard unsafe statvfs(FileName.cString(path), &status) == 0 else {
      throw FileError(code: errno, call: "statvfs", path: path)
    }
    let (bytes, overflow) = UInt64(status.f_bavail)
      .multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflow ? .max : Int(clamping: bytes)
  }
}
