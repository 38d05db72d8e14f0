internal import Layers

/// Reads little-endian numbers of an HDF5 file, with every position checked.
struct HDF5Bytes {
  let file: MappedFile

  init(_ file: MappedFile) { self.file = file }

  /// A number of `count` bytes, at most 8.
  func number(_ position: Int, _ count: Int) throws(WireFault) -> UInt64 {
    guard let range = range(position, count) else { throw Self.outside }
    return file.copy(range).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number of 8 bytes that counts or finds bytes of the file.
  func offset(_ position: Int) throws(WireFault) -> Int {
    guard let offset = try stated(position) else { throw Self.outside }
    return offset
  }

  /// As ``offset(_:)``, but `nil` for what the format calls undefined.
  func stated(_ position: Int) throws(WireFault) -> Int? {
    let number = try number(position, 8)
    if number == .max { return nil }
    guard number <= UInt64(file.byteCount) else { throw Self.outside }
    return Int(number)
  }

  /// The `count` bytes from `position` on, or `nil` if the file doesn't have them.
  func range(_ position: Int, _ count: Int) -> Range<Int>? {
    guard position >= 0, count >= 0, position <= file.byteCount,
      count <= file.byteCount - position
    else { return nil }
    return position..<position + count
  }

  /// Whether a structure begins with its four letters.
  func has(_ signature: String, at position: Int) throws(WireFault) -> Bool {
    guard let range = range(position, 4) else { throw Self.outside }
    return file.copy(range).elementsEqual(signature.utf8)
  }

  func expect(_ signature: String, at position: Int) throws(WireFault) {
    guard try has(signature, at: position) else {
      throw WireFault(message: "Byte \(position) should begin a \(signature).")
    }
  }

  /// The name at `place` of the `length` bytes from `start` on; a zero ends it.
  func text(_ start: Int, _ place: Int, within length: Int) throws(WireFault) -> String {
    guard place < length, let all = range(start, length) else { throw Self.outside }
    let limit = min(length, place + Self.longestName)
    let name = file.copy(all.lowerBound + place..<all.lowerBound + limit).prefix { $0 != 0 }
    guard place + name.count < limit else {
      throw WireFault(message: "A name has \(Self.longestName) bytes or more.")
    }
    return String(decoding: name, as: UTF8.self)
  }

  private static let longestName = 1024
  private static let outside = WireFault(message: "An offset or a length points outside the file.")
}
