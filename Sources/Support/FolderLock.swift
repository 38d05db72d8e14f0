internal import Foundation

/// Runs `body` while no other process does so for the same folder, so that of two writers of one
/// file only one finds it free.
///
/// The lock is on the folder itself, so it leaves no file behind, and the system releases it when a
/// process ends. Where it can't be had, `body` runs without it: some network file systems have no
/// locks on folders, and another program may hold this one for long. A folder that this process has
/// claimed is locked already.
func withFolderLock<Result>(
  of path: String, _ body: () throws(FileError) -> Result
) throws(FileError) -> Result {
  let folder = PathText.parent(of: path)
  let descriptor = unsafe open(
    FileName.cString(folder.isEmpty ? "." : folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  defer { if descriptor >= 0 { close(descriptor) } }
  if let identity = FolderIdentity(descriptor), !FolderClaim.isOwn(identity) {
    lock(descriptor, identity)
  }
  return try body()
}

/// Folders that another program held for longer than writers do: each file in them would wait.
private let heldForLong = Locked<Set<FolderIdentity>>([])

private func lock(_ descriptor: Int32, _ folder: FolderIdentity) {
  // Five seconds at most; others hold it for less than a millisecond.
  let attempts = heldForLong.withLock { $0.contains(folder) } ? 1 : 2500
  for _ in 0..<attempts {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
      heldForLong.withLock { _ = $0.remove(folder) }
      return
    }
    guard errno == EWOULDBLOCK || errno == EINTR else { return }
    usleep(2000)
  }
  heldForLong.withLock { _ = $0.insert(folder) }
}
