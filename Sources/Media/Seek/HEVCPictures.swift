/// What packets of HEVC tell about their pictures (ITU-T H.265, 7.3 and 7.4).
struct HEVCPictures {
  private let units: NetworkUnits

  private enum Unit {
    static let brokenLinks: ClosedRange<UInt8> = 16...18
    static let starts: ClosedRange<UInt8> = 16...21
    static let slices: ClosedRange<UInt8> = 0...31
    static let video = UInt8(32)
    static let sequence = UInt8(33)
    static let picture = UInt8(34)
  }

  init(header: [UInt8]) {
    // ISO/IEC 14496-15, 8.3.3.1: an "hvcC" record begins with a one.
    let isRecord = header.first == 1 && header.count > 21
    units = NetworkUnits(lengthSize: isRecord ? Int(header[21] & 3) + 1 : nil)
  }

  func picture(in packet: some ByteSource) -> CodedPicture? {
    // After the end of a sequence, leading pictures of the next one aren't shown.
    if Self.endsSequence(packet) { return nil }
    var picture = CodedPicture()
    let found = units.units(of: packet) { Unit.slices.contains($0 >> 1 & 0x3F) }
    for unit in found ?? [] {
      guard unit.count > 2 else { return nil }
      let type = unit[unit.startIndex] >> 1 & 0x3F
      switch type {
      case Unit.video: picture.headers.insert(.video)
      case Unit.sequence: picture.headers.insert(.sequence)
      case Unit.picture: picture.headers.insert(.picture)
      case Unit.slices:
        if Unit.brokenLinks.contains(type) { return nil }
        picture.isStart = Unit.starts.contains(type)
        // It may say that pictures before it, which weren't shown yet, are not to be shown.
        if picture.isStart, unit[unit.startIndex + 2] & 0x40 != 0 { return nil }
        picture.isLayered = unit[unit.startIndex + 1] & 7 != 1
        return picture
      default: break
      }
    }
    return nil
  }

  private static func endsSequence(_ packet: some ByteSource) -> Bool {
    let end = packet.bytes(at: packet.size - 5, count: 5)
    guard end.count == 5 else { return false }
    // The end of a sequence or of the stream, by itself or with its length.
    return (36...37).contains(end[3] >> 1 & 0x3F) && end[4] == 1 && end[0] == 0 && end[1] == 0
      && (end[2] == 1 || end[2] == 2)
  }
}
