internal import Foundation
internal import Support

/// SHA-256 of files.
enum FileHash {
  /// 64 lower-case hexadecimal digits; `nil` for a file that can't be read.
  static func digits(of path: String) -> String? {
    let descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    let hash = RunningHash()
    do {
      while let block = try file.read(upToCount: 1 << 20), !block.isEmpty {
        hash.add([UInt8](block))
      }
    } catch {
      return nil
    }
    return hash.digits
  }
}
