/// Reads little-endian numbers from a run of bytes; `nil` outside of it.
package struct ByteReader {
  private let storage: [UInt8]

  package init(_ bytes: [UInt8]) { storage = bytes }

  package var count: Int { storage.count }

  package func bytes(_ offset: Int, _ count: Int) -> [UInt8]? {
    guard offset >= 0, count >= 0, offset <= storage.count, count <= storage.count - offset else {
      return nil
    }
    return [UInt8](storage[offset..<offset + count])
  }

  package func uint8(_ offset: Int) -> UInt8? { number(offset) }
  package func uint16(_ offset: Int) -> UInt16? { number(offset) }
  package func uint32(_ offset: Int) -> UInt32? { number(offset) }
  package func uint64(_ offset: Int) -> UInt64? { number(offset) }

  private func number<Number: FixedWidthInteger & UnsignedInteger>(_ offset: Int) -> Number? {
    let size = MemoryLayout<Number>.size
    guard offset >= 0, offset <= storage.count, size <= storage.count - offset else { return nil }
    var value: Number = 0
    for index in (offset..<offset + size).reversed() { value = value << 8 | Number(storage[index]) }
    return value
  }
}
