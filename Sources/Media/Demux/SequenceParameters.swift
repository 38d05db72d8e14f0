/// What the header of an H.264 stream says of frames that were left out on purpose (ITU-T H.264,
/// 7.3.2.1.1 and 7.4.2.1.1).
struct SequenceParameters {
  /// Whether numbers of frames may be missing, as in streams without some of their temporal layers.
  let allowsGaps: Bool
  /// Whether pictures may be fields.
  let hasFields: Bool
  /// Whether each slice is one of three planes.
  let hasSeparatePlanes: Bool
  /// The bits of a frame's number.
  let frameNumberBits: Int

  /// Reads the first sequence parameter set of a byte stream.
  init?(_ stream: [UInt8]) {
    let start: [UInt8] = [0, 0, 1]
    var rest = stream[...]
    while let place = rest.firstPlace(of: start) {
      rest = rest[(place + start.count)...]
      guard let header = rest.first, header & 0x1F == 7 else { continue }
      var bits = Bits(rest.dropFirst().prefix(1 << 10))
      self.init(&bits)
      return
    }
    return nil
  }

  /// Those profiles have more about colours.
  private static let highProfiles: Set<Int> = [
    100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
  ]

  private init?(_ bits: inout Bits) {
    var hasPlanes = false
    guard let profile = bits.next(8), bits.next(16) != nil, bits.code() != nil else { return nil }
    if Self.highProfiles.contains(profile) {
      guard let chroma = bits.code() else { return nil }
      if chroma == 3 { hasPlanes = bits.next(1) == 1 }
      // Depths of luma and chroma, and a flag.
      guard bits.code() != nil, bits.code() != nil, bits.next(1) != nil,
        let hasMatrices = bits.next(1)
      else { return nil }
      if hasMatrices == 1 {
        for index in 0..<(chroma == 3 ? 12 : 8) where bits.next(1) == 1 {
          Self.skipMatrix(index < 6 ? 16 : 64, &bits)
        }
      }
    }
    guard let numberBits = bits.code(), numberBits <= 12, let order = bits.code() else {
      return nil
    }
    switch order {
    case 0: _ = bits.code()
    case 1:
      _ = (bits.next(1), bits.code(), bits.code())
      guard let count = bits.code(), count < 256 else { return nil }
      for _ in 0..<count { _ = bits.code() }
    default: break
    }
    // Width and height in macroblocks stand between the two flags.
    guard bits.code() != nil, let allows = bits.next(1), bits.code() != nil, bits.code() != nil,
      let hasFramesOnly = bits.next(1)
    else { return nil }
    allowsGaps = allows == 1
    hasFields = hasFramesOnly == 0
    hasSeparatePlanes = hasPlanes
    frameNumberBits = numberBits + 4
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
