#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

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

  /// The system's description of the failure, such as `No space left on device`.
  package var reason: String { unsafe String(cString: strerror(code)) }

  /// Whether the disk or the user's quota is full.
  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
}
