/// The bits of a unit of H.264, without the bytes that keep start codes out of it (7.4.1).
struct Bits {
  private let bytes: [UInt8]
  private var place = 0

  init(_ unit: ArraySlice<UInt8>) { bytes = Self.unescaped(unit) }

  /// The bytes that a unit stands for.
  static func unescaped(_ unit: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(unit.count)
    var zeros = 0
    for byte in unit {
      if byte == 3, zeros >= 2 {
        zeros = 0
        continue
      }
      zeros = byte == 0 ? zeros + 1 : 0
      bytes.append(byte)
    }
    return bytes
  }

  mutating func next(_ count: Int) -> Int? {
    guard place + count <= 8 * bytes.count else { return nil }
    var value = 0
    for _ in 0..<count {
      value = value << 1 | Int(bytes[place / 8] >> (7 - place % 8) & 1)
      place += 1
    }
    return value
  }

  /// 9.1: as many bits as zeros before the first one.
  mutating func code() -> Int? {
    var zeros = 0
    while let bit = next(1) {
      if bit == 1 { return next(zeros).map { (1 << zeros) - 1 + $0 } }
      zeros += 1
      if zeros > 31 { return nil }
    }
    return nil
  }
}
