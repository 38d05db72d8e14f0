internal import Support

/// How many threads the process may have.
enum ThreadLimit {
  /// Those that wait for signals and for the system's events, besides the ones that work.
  private static let usual = 6

  /// Makes sure that `workers` threads can be started.
  ///
  /// - Throws: `ProgramError` if the system gives fewer.
  static func check(workers: Int = 1) throws(ProgramError) {
    let needed = usual + workers
    guard !ThreadSupply.has(needed) else { return }
    throw ProgramError(
      .transientFailure, "", "the system gives too few threads: at least \(needed) are needed",
      remedy: "End other programs, or raise the limits of processes (ulimit -u) and memory "
        + "(ulimit -v)")
  }
}
