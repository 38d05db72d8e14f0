/// Files that are claimed before the work whose result they will have, so that a second run with
/// the same output is refused at its start and not at its end.
package enum OutputReservation {
  private static let files = Locked<[String: PartialFile]>([:])

  /// Claims `path` for the next `AtomicFile` that is made for it.
  ///
  /// - Throws: `FileError`, one that `isInUse` if another process writes `path`.
  package static func claim(_ path: String) throws(FileError) {
    let file = try PartialFile(path)
    files.withLock { $0[path] = file }
  }

  /// Removes what was claimed and never written; call it before the process ends.
  package static func releaseAll() {
    let unused = files.withLock { files in
      defer { files = [:] }
      return files.values.map { $0 }
    }
    for file in unused { file.discard() }
  }

  /// The file that was claimed for `path`, which is the caller's from now on.
  static func take(_ path: String) -> PartialFile? {
    files.withLock { $0.removeValue(forKey: path) }
  }
}
