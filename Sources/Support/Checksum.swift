/// A checksum that detects damage and mistakes, but not tampering.
///
/// Four lanes of FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) over 64-bit words, with each
/// product rotated so that every bit affects every other. As fast as reading memory.
package struct Checksum {
  private static let prime: UInt64 = 0x0000_0100_0000_01B3
  private static let basis: UInt64 = 0xCBF2_9CE4_8422_2325

  private var a = basis
  private var b = basis &+ 1
  private var c = basis &+ 2
  private var d = basis &+ 3

  package init() {}

  /// Adds a number.
  package mutating func combine(_ word: UInt64) { a = mixed(a, word) }

  /// Adds the length and the bytes of a text.
  package mutating func combine(_ text: String) {
    var text = text
    text.withUTF8 { unsafe combine(UnsafeRawBufferPointer($0)) }
  }

  /// Adds the number of bytes, then the bytes.
  package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
    combine(UInt64(bytes.count))
    func word(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    let blocks = bytes.count / 32 * 32
    // Local copies can stay in registers.
    var (a, b, c, d) = (a, b, c, d)
    for offset in stride(from: 0, to: blocks, by: 32) {
      a = mixed(a, word(offset))
      b = mixed(b, word(offset + 8))
      c = mixed(c, word(offset + 16))
      d = mixed(d, word(offset + 24))
    }
    (self.a, self.b, self.c, self.d) = (a, b, c, d)
    for offset in blocks..<bytes.count { combine(UInt64(unsafe bytes[offset])) }
  }

  /// Plain FNV-1a of bytes, for names.
  package static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(basis) { ($0 ^ UInt64($1)) &* prime }
  }

  /// The checksum of everything added so far.
  package var value: UInt64 { mixed(mixed(mixed(a, b), c), d) }

  /// The checksum as 16 hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    let product = (sum ^ word) &* Self.prime
    return product << 29 | product >> 35
  }
}
