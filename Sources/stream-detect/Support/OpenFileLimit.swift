#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// How many files the process may have open.
enum OpenFileLimit {
  /// How many files a run opens at least: events and timers of the system, which can't be reported
  /// where they fail, an input and an output with its folder.
  private static let needed = 16

  /// More than a run with hundreds of sources opens.
  private static let enough: rlim_t = 10_240

  /// Raises the limit as far as the system allows without asking for privileges.
  ///
  /// - Throws: `ProgramError` if too few files can be opened.
  static func raise() throws(ProgramError) {
    var limit = rlimit()
    let hasLimit = unsafe getrlimit(resource, &limit) == 0
    if hasLimit, limit.rlim_cur < enough {
      limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, enough))
      _ = unsafe setrlimit(resource, &limit)
    }
    guard countFree(upTo: needed) < needed else { return }
    let shown = hasLimit ? "the limit of \(limit.rlim_cur) open files" : "the limit of open files"
    throw ProgramError(
      .usage, "", "\(shown) leaves too few: at least \(needed) are needed besides those open",
      remedy: "Raise it, as 'ulimit -n 1024' does")
  }

  #if canImport(Darwin)
  private static let resource = RLIMIT_NOFILE
  #else
  private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #endif

  /// How many more files can be opened, counted up to `most`.
  private static func countFree(upTo most: Int) -> Int {
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    while opened.count < most {
      let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
      guard descriptor >= 0 else { break }
      opened.append(descriptor)
    }
    return opened.count
  }
}
