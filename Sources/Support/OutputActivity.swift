internal import Synchronization

/// Signs that outputs still move: a run that was asked to stop is given time while there are any.
package enum OutputActivity {
  private static let accepted = Atomic<Int>(0)
  private static let syncing = Atomic<Int>(0)

  /// Bytes that files, pipes and terminals have taken as results so far.
  package static var bytes: Int { accepted.load(ordering: .relaxed) }

  /// Whether a file is being brought to its disk, which takes as long as it takes.
  package static var isSyncing: Bool { syncing.load(ordering: .relaxed) > 0 }

  static func noteAccepted(_ bytes: Int) { accepted.add(bytes, ordering: .relaxed) }

  /// Runs `body`, which waits for a disk.
  static func whileSyncing<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    syncing.add(1, ordering: .relaxed)
    defer { syncing.subtract(1, ordering: .relaxed) }
    return try body()
  }
}
