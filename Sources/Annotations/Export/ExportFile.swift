internal import Support

/// A file of an export, written in blocks; it has its name only when it is complete.
final class ExportFile {
  private let file: AtomicFile
  private var buffer: [UInt8] = []

  private static let blockSize = 1 << 16

  /// Opens `path`; `-` is standard output.
  init(_ path: String) throws(FileError) {
    file = try AtomicFile(path)
    buffer.reserveCapacity(Self.blockSize * 2)
  }

  /// Adds bytes.
  func write(_ bytes: some Collection<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.blockSize { try flush() }
  }

  /// Adds what `text` has, and empties it.
  func write(_ text: inout ExportText) throws(FileError) {
    try write(text.bytes)
    text.removeAll()
  }

  /// Adds all of `spool`.
  func write(_ spool: SpoolFile) throws(FileError) {
    try spool.forEachBlock { (block) throws(FileError) in
      try write(block)
    } reading: {
      $0
    }
  }

  /// Gives the file its name.
  func finish() throws(FileError) {
    try flush()
    try file.finish()
  }

  private func flush() throws(FileError) {
    defer { buffer.removeAll(keepingCapacity: true) }
    try file.write(buffer)
  }
}
