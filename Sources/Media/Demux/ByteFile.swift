import Foundation

/// Random access to a file's bytes; reading past the end returns nothing rather than failing.
struct ByteFile {
  let size: Int
  private let handle: FileHandle

  init?(path: String) {
    guard let handle = FileHandle(forReadingAtPath: path), let end = try? handle.seekToEnd() else {
      return nil
    }
    self.handle = handle
    size = Int(clamping: end)
  }

  /// Up to `count` bytes from `offset`.
  func bytes(at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, offset < size, (try? handle.seek(toOffset: UInt64(offset))) != nil else {
      return []
    }
    return [UInt8]((try? handle.read(upToCount: min(count, size - offset))) ?? Data())
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

  /// An EBML length and the number of bytes that encode it; `nil` if it is "unknown" or invalid.
  func ebmlSize(at offset: Int) -> (value: Int, length: Int)? {
    guard let first = bytes(at: offset, count: 1).first, first != 0 else { return nil }
    let length = first.leadingZeroBitCount + 1
    guard let raw = bigEndian(at: offset, count: length) else { return nil }
    let unknown = 1 << (7 * length) - 1
    let value = raw & unknown
    return value == unknown ? nil : (value, length)
  }

  /// Whether `pattern` occurs anywhere from `offset` on.
  func contains(_ pattern: [UInt8], from offset: Int) -> Bool {
    let block = 1 << 16
    var start = offset
    while start < size {
      let bytes = bytes(at: start, count: block + pattern.count - 1)
      if bytes.firstRange(of: pattern) != nil { return true }
      start += block
    }
    return false
  }
}
