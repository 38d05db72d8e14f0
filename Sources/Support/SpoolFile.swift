internal import Foundation

/// Bytes that are put aside on disk until the place for them comes: a file without a name.
///
/// It is written at its end and read anywhere, and is gone when it isn't used any more, or when the
/// process ends in any way. Use it from one thread at a time.
package final class SpoolFile {
  /// How many bytes were added.
  package private(set) var count = 0
  private let descriptor: Int32
  private let folder: String
  private var buffer: [UInt8] = []
  /// How many bytes are in the file; the others wait in `buffer`.
  private var written = 0

  private static let blockSize = 1 << 16

  /// Makes a file in `folder`, `.` if that is empty.
  package init(in folder: String) throws(FileError) {
    self.folder = folder.isEmpty ? "." : folder
    var descriptor: Int32 = -1
    var code = EEXIST
    for _ in 0..<100 where code == EEXIST || code == EINTR {
      let path = PathText.join(self.folder, TemporaryName.random(for: "spool"))
      let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
      descriptor = unsafe open(FileName.cString(path), flags, 0o600)
      if descriptor >= 0 {
        _ = unsafe unlink(FileName.cString(path))
        break
      }
      code = errno
    }
    guard descriptor >= 0 else {
      throw FileError(code: code, call: "open", path: self.folder)
    }
    self.descriptor = descriptor
    buffer.reserveCapacity(Self.blockSize)
  }

  deinit { close(descriptor) }

  /// Adds bytes at the end.
  package func append(_ bytes: some Collection<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    count += bytes.count
    if buffer.count >= Self.blockSize { try flush() }
  }

  private func flush() throws(FileError) {
    let code = unsafe buffer.withUnsafeBytes { bytes in unsafe writeAll(bytes, to: descriptor) }
    if let code { throw FileError(code: code, call: "write", path: folder) }
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  /// The bytes in `range`, which must have been added.
  package func bytes(in range: Range<Int>) throws(FileError) -> [UInt8] {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes that weren't added")
    if range.upperBound > written { try flush() }
    var bytes = [UInt8](repeating: 0, count: range.count)
    var done = 0
    while done < bytes.count {
      let read = unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe pread(
          descriptor, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done,
          off_t(range.lowerBound + done))
      }
      if read < 0 && errno == EINTR { continue }
      guard read > 0 else {
        throw FileError(code: read < 0 ? errno : EIO, call: "read", path: folder)
      }
      done += read
    }
    return bytes
  }

  /// Passes all bytes on, block by block.
  package func forEachBlock<Failure: Error>(
    _ body: ([UInt8]) throws(Failure) -> Void, reading failure: (FileError) -> Failure
  ) throws(Failure) {
    var start = 0
    while start < count {
      let end = min(start + Self.blockSize, count)
      let block: [UInt8]
      do { block = try bytes(in: start..<end) } catch { throw failure(error) }
      try body(block)
      start = end
    }
  }
}
