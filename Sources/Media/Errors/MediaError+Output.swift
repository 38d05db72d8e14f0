internal import Foundation
package import Support

extension MediaError {
  /// The error for a failed call that writes to `location`.
  package init(output error: FFmpegError, location: String, isNetwork: Bool = false) {
    let remedy =
      switch error.code {
      case -ENOSPC, -EDQUOT: "Free some space or write to another disk, then run again."
      case -EACCES, -EPERM, -EROFS: "Check the permissions of the file and its folder."
      case -EFBIG: "Raise the limit on the size of files (ulimit -f), or choose another place."
      case -EPIPE where !isNetwork: "Its reader has gone; start it again."
      case -ENOENT, -ENOTDIR: "Create its folder first."
      case _ where isNetwork: "Check the address and that the receiver is running."
      default: "Run again with -v to see FFmpeg's messages."
      }
    self.init(
      .outputFailed, source: location,
      message: "It could not be written: \(error.reason) (\(error.call)).", remedy: remedy,
      isTransient: isNetwork)
  }
}

extension MediaError {
  /// The error for a file that could not be written.
  package init(output error: FileError) {
    guard !error.isInUse else {
      self.init(
        .outputInUse, source: error.path, message: "\(error.reason).",
        remedy: "Wait for its end, or choose another name.")
      return
    }
    self.init(output: FFmpegError(code: -error.code, call: error.call), location: error.path)
  }
}

extension MediaError.Code {
  /// Writing to a file, a stream or an encoder failed: disk full, no permission, network down.
  public static let outputFailed: Self = "output_failed"
  /// Another process is writing the file.
  public static let outputInUse: Self = "output_in_use"
}
