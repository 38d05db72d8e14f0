#if os(Linux)
import Foundation
import Glibc

/// A file system in memory with room for so many bytes.
final class SmallDisk {
  let path = FileManager.default.temporaryDirectory.path + "/small-\(UUID().uuidString)"

  init(bytes: Int) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let isMounted = unsafe "size=\(bytes)".withCString {
      unsafe mount("small", path, "tmpfs", 0, $0) == 0
    }
    if !isMounted { throw CocoaError(.fileWriteUnknown) }
  }

  deinit {
    _ = unsafe umount2(path, Int32(MNT_DETACH))
    try? FileManager.default.removeItem(atPath: path)
  }
}
#endif
