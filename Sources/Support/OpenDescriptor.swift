internal import Foundation

/// Paths that stand for a descriptor which the process was started with.
package enum OpenDescriptor {
  /// The descriptor that `path` stands for: 1 for `-` and `/dev/stdout`, N for `/dev/fd/N`.
  ///
  /// Opening such a path is not the same: a file that standard output was redirected to (`>> log`)
  /// would be opened a second time, and overwritten from its start.
  package static func number(ofOutput path: String) -> Int32? {
    switch path {
    case "-", "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default: break
    }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.utf8.starts(with: folder.utf8) {
      return Int32(String(Substring(path.utf8.dropFirst(folder.utf8.count))))
    }
    return nil
  }

  /// Whether `path` is standard output, by any of its names.
  package static func isStandardOutput(_ path: String) -> Bool {
    number(ofOutput: path) == STDOUT_FILENO
  }
}
