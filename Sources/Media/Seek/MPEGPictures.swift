/// What packets of older MPEG codecs tell about their pictures.
enum MPEGPictures {
  private static let reach = 1 << 11
  private static let code: [UInt8] = [0, 0, 1]

  /// The start codes up to the first of `last`, and where what follows them begins.
  private static func codes(
    _ bytes: [UInt8], through last: ClosedRange<UInt8>
  ) -> [(code: UInt8, place: Int)] {
    var found: [(UInt8, Int)] = []
    var start = bytes[...].firstPlace(of: code)
    while let place = start, place + 3 < bytes.count {
      found.append((bytes[place + 3], place + 4))
      if last.contains(bytes[place + 3]) { break }
      start = bytes[(place + 3)...].firstPlace(of: code)
    }
    return found
  }

  /// MPEG-1 and MPEG-2 (ISO/IEC 13818-2, 6.2): a frame, with all headers if it is a start.
  static func mpegVideo(_ packet: some ByteSource) -> CodedPicture? {
    let bytes = packet.bytes(at: 0, count: reach)
    var picture = CodedPicture()
    var type: UInt8?
    // Up to the first slice.
    for (code, place) in codes(bytes, through: 1...0xAF) {
      switch code {
      case 0xB3: picture.headers.insert(.sequence)
      // The end of a sequence; what comes before it is shown in another order.
      case 0xB7: return nil
      case 0x00:
        guard type == nil, place + 1 < bytes.count else { return nil }
        type = bytes[place + 1] >> 3 & 7
      case 0xB5 where place + 2 < bytes.count && bytes[place] >> 4 == 8:
        // A single field; its other half is in another packet, or behind it.
        if bytes[place + 2] & 3 != 3 { return nil }
      default: break
      }
    }
    guard let type, (1...3).contains(type) else { return nil }
    picture.isStart = type == 1 && picture.headers.contains(.sequence)
    return picture
  }

  /// MPEG-4 part 2 (ISO/IEC 14496-2, 6.2): a plane that is coded.
  static func mpeg4(_ packet: some ByteSource) -> CodedPicture? {
    // A few bytes say that the last picture stays.
    guard packet.size > 16 else { return nil }
    let bytes = packet.bytes(at: 0, count: reach)
    var picture = CodedPicture()
    for (code, place) in codes(bytes, through: 0xB6...0xB6) {
      if (0x20...0x2F).contains(code) { picture.headers.insert(.video) }
      guard code == 0xB6, place < bytes.count else { continue }
      picture.isStart = bytes[place] >> 6 == 0
      return picture
    }
    return nil
  }

  /// Motion JPEG (ITU-T T.81, annex B): tables may be left out where they are those of a picture
  /// before.
  static func motionJPEG(_ packet: some ByteSource) -> CodedPicture? {
    let bytes = packet.bytes(at: 0, count: reach)
    guard bytes.starts(with: [0xFF, 0xD8]) else { return nil }
    var picture = CodedPicture(isStart: true)
    var place = 2
    while place + 3 < bytes.count, bytes[place] == 0xFF {
      switch bytes[place + 1] {
      case 0xC4: picture.headers.insert(.tables)
      case 0xDB: picture.headers.insert(.quantization)
      case 0xDD: picture.headers.insert(.sequence)
      case 0xDA: return picture
      case 0xFF:
        place += 1
        continue
      default: break
      }
      place += 2 + Int(bytes[place + 2]) << 8 + Int(bytes[place + 3])
    }
    return nil
  }
}
