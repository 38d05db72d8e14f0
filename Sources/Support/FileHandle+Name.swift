package import Foundation

#if canImport(Musl)
internal import Musl
#endif

extension FileHandle {
  /// Opens the file at `path`, a text as `FileName` makes it, for reading.
  ///
  /// - Throws: `FileError` if it can't be opened.
  package convenience init(reading path: String) throws(FileError) {
    let descriptor = unsafe open(FileName.cString(path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(code: errno, call: "open", path: path) }
    self.init(fileDescriptor: descriptor, closeOnDealloc: true)
  }
}
