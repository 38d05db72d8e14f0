internal import Foundation

/// A failed system call on a file.
package struct FileError: Error, Hashable {
  /// The `errno` of the call.
  package let code: Int32
  /// The name of the call, such as `open`.
  package let call: String
  /// The file's final name, not that of its temporary copy.
  package let path: String

  package init(code: Int32, call: String, path: String) {
    self.code = code
    self.call = call
    self.path = path
  }

  /// The error for a file that another writer has claimed.
  package static func inUse(_ path: String) -> FileError {
    FileError(code: EBUSY, call: claim, path: path)
  }

  /// The system's description of the failure, such as `No space left on device`.
  package var reason: String {
    switch call {
    case Self.claim: "Another run is writing it"
    case Self.append: "It contains something other than JSON lines"
    case _ where isTimedOut: "The drive doesn't answer"
    default: unsafe String(cString: strerror(code))
    }
  }

  /// Whether the disk or the user's quota is full.
  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

  /// Whether the drive didn't answer in time.
  package var isTimedOut: Bool { code == ETIMEDOUT }

  /// Whether the file has reached the limit of its size.
  package var isTooLarge: Bool { code == EFBIG }

  /// Whether another writer has claimed the file.
  package var isInUse: Bool { call == Self.claim }

  /// Whether lines can't be appended to the file, because it has something else.
  package var isNotLines: Bool { call == Self.append }

  private static let claim = "flock"
  static let append = "append"
}
