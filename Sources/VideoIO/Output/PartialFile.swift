import CFFmpeg
import Foundation

/// A file that is written as `X.partial` and named `X` once it is complete and on the disk.
///
/// What a failed run has written stays in `X.partial`: it may be worth keeping, nothing mistakes it
/// for a result, and the next run writes over it.
struct PartialFile: Hashable {
  /// The name in the end.
  let path: String

  /// The name while it is written.
  var partialPath: String { path + ".partial" }

  /// Whether `path` is a device or a pipe, which is written as it is.
  static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG
  }

  /// Waits until the file is on the disk, and gives it its name.
  func commit() throws(MediaError) {
    let descriptor = unsafe open(partialPath, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("fsync") }
    try rename()
  }

  /// Gives the file its name.
  func rename() throws(MediaError) {
    guard unsafe Foundation.rename(partialPath, path) == 0 else { throw failure("rename") }
  }

  /// Forgets what was written.
  func discard() { _ = unsafe unlink(partialPath) }

  /// Writes the whole file; what a failure leaves is removed.
  func write(_ bytes: UnsafeRawBufferPointer) throws(MediaError) {
    let descriptor = unsafe open(partialPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("open") }
    var failed: MediaError?
    var start = 0
    while start < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[start...])
      let written = unsafe Foundation.write(descriptor, rest.baseAddress, rest.count)
      if written > 0 {
        start += written
      } else if written == 0 || errno != EINTR {
        failed = failure("write")
        break
      }
    }
    // Some file systems say only here that the disk is full.
    if close(descriptor) != 0, failed == nil { failed = failure("close") }
    if let failed {
      discard()
      throw failed
    }
    try rename()
  }

  private func failure(_ call: String) -> MediaError {
    MediaError(output: FFmpegError(code: -errno, call: call), location: path)
  }
}

extension MediaError {
  /// The error for a failed call that writes to `location`.
  init(output error: FFmpegError, location: String, isNetwork: Bool = false) {
    let remedy =
      switch error.code {
      case -ENOSPC, -EDQUOT: "Free some space or write to another disk, then run again."
      case -EACCES, -EPERM, -EROFS: "Check the permissions of the file and its folder."
      case -ENOENT, -ENOTDIR: "Make its folder first."
      case _ where isNetwork: "Check the address and that the receiver runs."
      default: "Run again with -v to see what FFmpeg says."
      }
    self.init(
      .outputFailed, source: location,
      message: "It could not be written: \(error.words) (\(error.call)).", remedy: remedy,
      isTransient: isNetwork)
  }
}

extension MediaError.Code {
  /// A file, stream or encoder that results go to failed: disk full, no permission, a dead network.
  public static let outputFailed: Self = "output_failed"
}
