/// What the header of an H.264 stream says of frames that were left out on purpose (ITU-T H.264,
/// 7.3.2.1.1 and 7.4.2.1.1).
struct SequenceParameters {
  /// Whether numbers of frames may be missing, as in streams without some of their temporal layers.
  let allowsGaps: Bool

  /// Reads the first sequence parameter set of a byte stream.
  init?(_ stream: [UInt8]) {
    let start: [UInt8] = [0, 0, 1]
    var rest = stream[...]
    while let place = rest.firstPlace(of: start) {
      rest = rest[(place + start.count)...]
      guard let header = rest.first, header & 0x1F == 7 else { continue }
      var bits = Bits(rest.dropFirst().prefix(1 << 10))
      guard let allows = Self.gaps(&bits) else { return nil }
      allowsGaps = allows
      return
    }
    return nil
  }

  /// Those profiles have more about colours.
  private static let highProfiles: Set<Int> = [
    100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
  ]

  private static func gaps(_ bits: inout Bits) -> Bool? {
    guard let profile = bits.next(8), bits.next(16) != nil, bits.code() != nil else { return nil }
    if highProfiles.contains(profile) {
      guard let chroma = bits.code() else { return nil }
      if chroma == 3 { _ = bits.next(1) }
      // Depths of luma and chroma, and a flag.
      guard bits.code() != nil, bits.code() != nil, bits.next(1) != nil,
        let hasMatrices = bits.next(1)
      else { return nil }
      if hasMatrices == 1 {
        for index in 0..<(chroma == 3 ? 12 : 8) where bits.next(1) == 1 {
          skipMatrix(index < 6 ? 16 : 64, &bits)
        }
      }
    }
    guard bits.code() != nil, let order = bits.code() else { return nil }
    switch order {
    case 0: _ = bits.code()
    case 1:
      _ = (bits.next(1), bits.code(), bits.code())
      guard let count = bits.code(), count < 256 else { return nil }
      for _ in 0..<count { _ = bits.code() }
    default: break
    }
    guard bits.code() != nil, let allows = bits.next(1) else { return nil }
    return allows == 1
  }

  /// 7.3.2.1.1.1: differences, until one makes the next scale zero.
  private static func skipMatrix(_ count: Int, _ bits: inout Bits) {
    var last = 8
    for _ in 0..<count {
      guard let code = bits.code() else { return }
      let difference = code % 2 == 0 ? -code / 2 : code / 2 + 1
      last = (last + difference + 256) % 256
      if last == 0 { return }
    }
  }
}

/// The bits of a unit of H.264, without the bytes that keep start codes out of it (7.4.1).
private struct Bits {
  private var bytes: [UInt8] = []
  private var place = 0

  init(_ unit: ArraySlice<UInt8>) {
    for byte in unit where byte != 3 || bytes.suffix(2) != [0, 0] { bytes.append(byte) }
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
