import CFFmpeg

/// Random access to a file's bytes; reading past the end returns nothing rather than failing.
///
/// Reads blocks, because lengths and markers are a few bytes each and calls are expensive.
final class ByteFile {
  let size: Int
  private let file: DiskFile
  private let interrupt: Interrupt?
  private var block: [UInt8] = []
  private var blockStart = 0
  private var calls = 0
  /// Why something could not be read, so that nothing is known about the rest.
  private(set) var failure: FFmpegError?

  private static let blockSize = 64 * 1024
  /// Read around a place that isn't close to the last one: a header, usually.
  private static let smallBlock = 512
  /// After so many calls, whether to stop is asked: a file may be made of millions of empty pieces.
  private static let callsBetweenQuestions = 256

  /// Opens the regular file at `path`.
  ///
  /// - Throws: The failed call, with `AVERROR_EXIT` if it was given up.
  init(
    opening path: String, interrupt: Interrupt? = nil, stallTimeout: Double = 0
  ) throws(FFmpegError) {
    file = try DiskFile(path: path, interrupt: interrupt, stallTimeout: stallTimeout)
    self.interrupt = interrupt
    size = file.size
  }

  /// Opens the regular file at `path`, if it can be opened.
  convenience init?(path: String, interrupt: Interrupt? = nil, stallTimeout: Double = 0) {
    try? self.init(opening: path, interrupt: interrupt, stallTimeout: stallTimeout)
  }

  /// Up to `count` bytes from `offset`.
  func bytes(at offset: Int, count: Int) -> [UInt8] {
    calls += 1
    if calls % Self.callsBetweenQuestions == 0 { checkInterrupt() }
    guard offset >= 0, offset < size, count > 0, failure == nil else { return [] }
    let count = min(count, size - offset)
    if let found = buffered(offset, count) { return [UInt8](found) }
    // Twice in a row at the same stretch means that it is read on.
    let isNear = offset >= blockStart && offset <= blockStart + block.count + Self.smallBlock
    load(offset, count: max(count, isNear ? Self.blockSize : Self.smallBlock))
    return buffered(offset, min(count, block.count)).map([UInt8].init) ?? []
  }

  private func buffered(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
    let start = offset - blockStart
    guard start >= 0, start + count <= block.count else { return nil }
    return block[start..<start + count]
  }

  private func load(_ offset: Int, count: Int) {
    blockStart = offset
    block.removeAll(keepingCapacity: true)
    checkInterrupt()
    guard failure == nil else { return }
    do throws(FFmpegError) {
      while block.count < count {
        let read = try file.read(at: offset + block.count, count: count - block.count)
        if read.isEmpty { return }
        block += read
      }
    } catch {
      failure = error
    }
  }

  private func checkInterrupt() {
    guard interrupt?.shouldStop() == true else { return }
    failure = FFmpegError(code: SD_AVERROR_EXIT, call: "read")
  }

  /// A big-endian unsigned integer; `nil` past the end of the file, or if it exceeds 63 bits.
  func bigEndian(at offset: Int, count: Int) -> Int? {
    let bytes = bytes(at: offset, count: count)
    guard bytes.count == count else { return nil }
    return Int(exactly: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// A little-endian unsigned integer of four bytes; `nil` past the end of the file.
  func littleEndian32(at offset: Int) -> Int? {
    let bytes = bytes(at: offset, count: 4)
    guard bytes.count == 4 else { return nil }
    return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// A little-endian unsigned integer; `nil` past the end of the file, or if it exceeds 63 bits.
  func littleEndian(at offset: Int, count: Int) -> Int? {
    let bytes = bytes(at: offset, count: count)
    guard bytes.count == count else { return nil }
    return Int(exactly: bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// An EBML length and the number of bytes that encode it; `nil` if it is "unknown" or invalid.
  func ebmlSize(at offset: Int) -> (value: Int, length: Int)? {
    guard let first = bytes(at: offset, count: 1).first, first != 0 else { return nil }
    let length = first.leadingZeroBitCount + 1
    guard let raw = bigEndian(at: offset, count: length) else { return nil }
    let unknown = 1 << (7 * length) - 1
    let value = raw & unknown
    return value == unknown ? nil : (value, length)
  }

  /// The first place from `offset` on whose byte isn't `byte`; the size of the file if there is
  /// none.
  func skip(_ byte: UInt8, from offset: Int) -> Int {
    var start = offset
    while start < size {
      let bytes = bytes(at: start, count: Self.blockSize)
      if bytes.isEmpty { break }
      if let other = bytes.firstIndex(where: { $0 != byte }) { return start + other }
      start += bytes.count
    }
    return size
  }

  /// Whether `pattern` occurs anywhere from `offset` on.
  func contains(_ pattern: [UInt8], from offset: Int) -> Bool {
    var start = offset
    while start < size, failure == nil {
      let bytes = bytes(at: start, count: Self.blockSize + pattern.count - 1)
      if bytes.contains(bytes: pattern) { return true }
      start += Self.blockSize
    }
    return false
  }
}
