/// What packets of VP8 and VP9 tell about their pictures.
enum VPXPictures {
  /// RFC 6386, 9.1: a picture that isn't shown is only there for others.
  static func vp8(_ packet: some ByteSource) -> CodedPicture? {
    guard let first = packet.bytes(at: 0, count: 1).first else { return nil }
    return CodedPicture(isStart: first & 1 == 0, isShown: first & 0x10 != 0)
  }

  /// VP9 specification, 6.1 and annex B: one frame, or several of which the last is shown.
  static func vp9(_ packet: some ByteSource) -> CodedPicture? {
    guard let last = packet.bytes(at: packet.size - 1, count: 1).first,
      let first = frame(packet.bytes(at: 0, count: 1))
    else { return nil }
    guard last & 0xE0 == 0xC0 else {
      return CodedPicture(isStart: first.isKey, isShown: first.isShown)
    }
    let count = Int(last & 7) + 1
    let width = Int(last >> 3 & 3) + 1
    let size = 2 + count * width
    guard let mark = packet.bytes(at: packet.size - size, count: 1).first, mark == last else {
      return CodedPicture(isStart: first.isKey, isShown: first.isShown)
    }
    var place = 0
    var shown = 0
    for index in 0..<count {
      guard let frame = frame(packet.bytes(at: place, count: 1)),
        let length = packet.integer(
          at: packet.size - size + 1 + index * width, count: width, isLittleEndian: true)
      else { return nil }
      if frame.isShown { shown += 1 }
      place += length
    }
    return shown <= 1 ? CodedPicture(isStart: first.isKey, isShown: shown == 1) : nil
  }

  /// 6.2: the first bits of a frame.
  private static func frame(_ bytes: [UInt8]) -> (isKey: Bool, isShown: Bool)? {
    // Profile 3 has one bit more.
    guard let byte = bytes.first, byte >> 6 == 2, byte & 0x30 != 0x30 else { return nil }
    if byte & 8 != 0 { return (false, true) }
    return (byte & 4 == 0, byte & 2 != 0)
  }
}
