internal import Layers
package import Models
internal import Support

/// A `.tar.gz` archive, as TensorFlow publishes its models.
///
/// Only one file is ever taken out of it, by its name, so no name in the archive becomes a path.
/// Ignores gzip's own checksum, because the SHA-256 of the whole file has been checked.
package struct GzippedTar {
  private let file: MappedFile

  /// Bytes of all files in the archive, at most.
  package static let mostBytes = 4 << 30
  private static let pieceSize = 1 << 20

  /// Opens the archive at `path`; `nil` if it isn't one.
  ///
  /// - Throws: ``ModelFileError`` if it can't be read.
  package init?(path: String) throws(ModelFileError) {
    file = try converting { () throws(SafetensorsError) in try MappedFile(path: path) }
    // Deflate is the only method there is (RFC 1952, section 2.3.1).
    guard file.byteCount > 18, file.copy(0..<3) == [0x1F, 0x8B, 8] else { return nil }
  }

  /// Takes the file called `name`, which may be in any folder, out of the archive.
  ///
  /// - Throws: ``ModelFileError`` if there is none, if it has more than `limit` bytes, if the
  ///   archive inflates to more than `whole` bytes before it ends, or if it can't be written.
  package func extract(
    _ name: String, to output: String, limit: Int, whole: Int = mostBytes
  ) throws(ModelFileError) {
    var position = try headerLength()
    let file = file
    var inflater = Inflater(path: file.path) { () throws(ModelFileError) in
      let end = min(position + Self.pieceSize, file.byteCount)
      defer { position = end }
      return file.copy(position..<end)
    }
    let writing: AtomicFile
    do throws(FileError) { writing = try AtomicFile(output) } catch { throw Self.failure(error) }
    do throws(ModelFileError) {
      var reader = TarReader(name: name, limit: limit, path: file.path)
      var total = 0
      try inflater.run { (bytes) throws(ModelFileError) in
        total += bytes.count
        guard total <= whole else { throw tooLarge(whole) }
        return try reader.read(bytes) { (part) throws(ModelFileError) in
          do throws(FileError) { try writing.write(Array(part)) } catch {
            throw Self.failure(error)
          }
        }
      }
      guard reader.isDone else { throw reader.isWanted ? truncated(name) : missing(name) }
      do throws(FileError) { try writing.finish(syncs: false) } catch { throw Self.failure(error) }
    } catch {
      writing.discard()
      throw error
    }
  }

  /// Bytes before the compressed data (RFC 1952, section 2.3).
  private func headerLength() throws(ModelFileError) -> Int {
    let head = file.copy(0..<min(file.byteCount, 1 << 16))
    let flags = head[3]
    var length = 10
    if flags & 4 != 0, length + 2 <= head.count {
      length += 2 + Int(head[length]) + Int(head[length + 1]) << 8
    }
    for flag in [UInt8(8), 16] where flags & flag != 0 {
      let end = head.dropFirst(length).firstIndex(of: 0) ?? head.count
      length = end + 1
    }
    if flags & 2 != 0 { length += 2 }
    guard length < head.count else {
      throw ModelFileError(
        .damaged, path: file.path, message: "The head of the archive has no end.",
        remedy: "Get another copy of the file.")
    }
    return length
  }

  private func tooLarge(_ limit: Int) -> ModelFileError {
    ModelFileError(
      .tooLarge, path: file.path,
      message: "The archive inflates to more than \(limit >> 20) MiB.",
      remedy: "Take the file with the weights out of it yourself.")
  }

  private func missing(_ name: String) -> ModelFileError {
    ModelFileError(
      .notFound, path: file.path, message: "The archive holds no file \(name).",
      remedy: "List its files with 'tar tzf', and name one of them.")
  }

  private func truncated(_ name: String) -> ModelFileError {
    ModelFileError(
      .damaged, path: file.path, message: "The archive ends inside of \(name).",
      remedy: "Get another copy of the archive.")
  }

  private static func failure(_ error: FileError) -> ModelFileError {
    ModelFileError(
      error.isDiskFull ? .diskFull : .writeFailed, path: error.path,
      message: "It cannot be written: \(error.reason).",
      remedy: "Free some space, or choose another folder.")
  }
}

/// Finds one file in the blocks of a tar archive (POSIX.1-2017, pax, "ustar Interchange Format").
private struct TarReader {
  private static let blockSize = 512

  let name: String
  let limit: Int
  let path: String
  private(set) var isDone = false
  private var header: [UInt8] = []
  /// Bytes of the present file that are still to come, and of the padding behind it.
  private var rest = 0
  private var padding = 0
  private(set) var isWanted = false

  init(name: String, limit: Int, path: String) {
    self.name = name
    self.limit = limit
    self.path = path
  }

  /// Reads more of the archive, and gives what is in the file to `take`; false once that is whole.
  mutating func read(
    _ bytes: ArraySlice<UInt8>, _ take: (ArraySlice<UInt8>) throws(ModelFileError) -> Void
  ) throws(ModelFileError) -> Bool {
    var bytes = bytes
    while !isDone {
      if rest > 0 {
        guard !bytes.isEmpty else { return true }
        let part = bytes.prefix(rest)
        if isWanted { try take(part) }
        rest -= part.count
        bytes = bytes.dropFirst(part.count)
        isDone = isWanted && rest == 0
      } else if padding > 0 {
        guard !bytes.isEmpty else { return true }
        let part = bytes.prefix(padding)
        padding -= part.count
        bytes = bytes.dropFirst(part.count)
      } else {
        let part = bytes.prefix(Self.blockSize - header.count)
        header += part
        bytes = bytes.dropFirst(part.count)
        guard header.count == Self.blockSize else { return true }
        try begin()
        header = []
      }
    }
    return false
  }

  /// Begins with the file that the header announces.
  private mutating func begin() throws(ModelFileError) {
    // Two empty blocks end an archive; more may follow.
    guard header.contains(where: { $0 != 0 }) else { return }
    let digits = header[124..<136].filter { (48...55).contains($0) }
    guard header[124] < 128, let size = Int(String(decoding: digits, as: UTF8.self), radix: 8)
    else {
      throw ModelFileError(
        .damaged, path: path, message: "A file of the archive has no size.",
        remedy: "Get another copy of the archive.")
    }
    (rest, padding) = (size, (Self.blockSize - size % Self.blockSize) % Self.blockSize)
    let isFile = [0, UInt8(ascii: "0")].contains(header[156])
    isWanted = isFile && matches(text(0..<100), text(345..<500))
    guard isWanted else { return }
    guard size <= limit else {
      throw ModelFileError(
        .tooLarge, path: path, message: "\(name) has \(size) bytes; \(limit) are allowed.",
        remedy: "Allow more with --max-size.")
    }
    isDone = size == 0
  }

  private func matches(_ name: String, _ prefix: String) -> Bool {
    let whole = prefix.isEmpty ? name : prefix + "/" + name
    return whole == self.name || whole.hasSuffix("/" + self.name)
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self)
  }
}
