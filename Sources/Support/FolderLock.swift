internal import Foundation

/// Runs `body` while no other process does so for the same folder, so that of two writers of one
/// file only one finds it free.
///
/// The lock is on the folder itself, so it leaves no file behind, and the system releases it when a
/// process ends. Where it can't be had, `body` runs without it: some network file systems have no
/// locks on folders, and another program may hold this one for long.
func withFolderLock<Result>(
  of path: String, _ body: () throws(FileError) -> Result
) throws(FileError) -> Result {
  let folder = PathText.parent(of: path)
  let descriptor = unsafe open(
    FileName.cString(folder.isEmpty ? "." : folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  defer { if descriptor >= 0 { close(descriptor) } }
  // Five seconds at most; others hold it for less than a millisecond.
  for _ in 0..<2500 where descriptor >= 0 {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { break }
    guard errno == EWOULDBLOCK || errno == EINTR else { break }
    usleep(2000)
  }
  return try body()
}
