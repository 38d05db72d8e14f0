/// What packets of H.264 tell about their pictures (ITU-T H.264, 7.3 and 7.4).
struct H264Pictures {
  private let units: NetworkUnits
  private var sequence: SequenceParameters?
  private var sequenceBytes: ArraySlice<UInt8> = []

  private enum Unit {
    static let slice = UInt8(1)
    static let partition = UInt8(2)
    static let instant = UInt8(5)
    static let information = UInt8(6)
    static let sequence = UInt8(7)
    static let picture = UInt8(8)
  }

  init(header: [UInt8]) {
    // ISO/IEC 14496-15, 5.3.3.1: an "avcC" record begins with a one.
    guard header.first == 1, header.count > 7 else {
      units = NetworkUnits(lengthSize: nil)
      sequence = SequenceParameters(header)
      return
    }
    units = NetworkUnits(lengthSize: Int(header[4] & 3) + 1)
    let length = Int(header[6]) << 8 | Int(header[7])
    sequence = SequenceParameters([0, 0, 1] + header.dropFirst(8).prefix(length))
  }

  mutating func picture(in packet: some ByteSource) -> CodedPicture? {
    var picture = CodedPicture()
    let found = units.units(of: packet) { (Unit.slice...Unit.instant).contains($0 & 0x1F) }
    for unit in found ?? [] {
      guard let type = unit.first.map({ $0 & 0x1F }) else { continue }
      switch type {
      case Unit.sequence:
        picture.headers.insert(.sequence)
        note(unit)
      case Unit.picture: picture.headers.insert(.picture)
      case Unit.information where Self.isRecoveryPoint(unit):
        (picture.isStart, picture.isOpen) = (true, true)
      case Unit.instant: picture.isStart = true
      // Pieces of slices, which nobody writes any more.
      case Unit.partition: return nil
      default: break
      }
      if type == Unit.slice || type == Unit.instant {
        return isField(unit) == false ? picture : nil
      }
    }
    return nil
  }

  private mutating func note(_ unit: ArraySlice<UInt8>) {
    guard unit != sequenceBytes else { return }
    sequenceBytes = unit
    sequence = SequenceParameters([0, 0, 1] + unit)
  }

  /// Whether the picture is one of the two fields of a frame, which may come in two packets.
  private func isField(_ slice: ArraySlice<UInt8>) -> Bool? {
    guard let sequence else { return nil }
    guard sequence.hasFields else { return false }
    var bits = Bits(slice.dropFirst().prefix(32))
    guard bits.code() != nil, bits.code() != nil, bits.code() != nil,
      !sequence.hasSeparatePlanes || bits.next(2) != nil,
      bits.next(sequence.frameNumberBits) != nil
    else { return nil }
    return bits.next(1).map { $0 == 1 }
  }

  /// Whether a unit says that what follows is exact if the decoder starts at its picture (D.1.8 and
  /// D.2.8): not one whose pictures become whole bit by bit.
  private static func isRecoveryPoint(_ unit: ArraySlice<UInt8>) -> Bool {
    let message = Bits.unescaped(unit.dropFirst())
    var place = 0
    func sum() -> Int? {
      var sum = 0
      while place < message.count {
        sum += Int(message[place])
        place += 1
        if message[place - 1] != 0xFF { return sum }
      }
      return nil
    }
    while let type = sum(), let size = sum() {
      if type == 6 {
        var bits = Bits(message.dropFirst(place).prefix(size))
        return bits.code() == 0 && bits.next(1) == 1
      }
      place += size
    }
    return false
  }
}
