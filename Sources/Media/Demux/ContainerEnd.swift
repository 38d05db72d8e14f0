/// The ends of containers without one length for all: what shows that the last piece is incomplete.
enum ContainerEnd {
  /// What is missing, in words; `nil` if the file seems complete.
  static func shortfall(of file: ByteFile) -> String? {
    let head = file.bytes(at: 0, count: 200)
    if head.starts(with: "GIF8".utf8) { return gif(file) }
    if head.starts(with: asfHeader) { return asf(file) }
    if head.starts(with: "OggS".utf8) { return ogg(file) }
    if head.starts(with: [0, 0, 1, 0xBA]) { return programStream(file) }
    if head.starts(with: "YUV4MPEG2 ".utf8) { return yuv4mpeg(file) }
    if head.starts(with: [0x12, 0x00, 0x0A]) { return openBitstream(file) }
    if head.starts(with: "nut/multimedia container".utf8) { return nut(file) }
    if head.starts(with: "FWS".utf8), let whole = file.littleEndian32(at: 4), whole > file.size {
      return "it ends \(whole - file.size) bytes early"
    }
    if head.count > 196, head[4] == 0x47, head[196] == 0x47 {
      return file.size % 192 == 0 ? nil : "it ends in the middle of a transport stream packet"
    }
    if head.starts(with: [0x1F, 0x07, 0x00]), head.count > 3 {
      return file.size % (head[3] & 0x80 == 0 ? 120_000 : 144_000) == 0
        ? nil : "it ends in the middle of a frame"
    }
    return nil
  }

  /// GIF89a, section 12 and after: blocks of blocks of at most 255 bytes, then a trailer.
  private static func gif(_ file: ByteFile) -> String? {
    func table(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }
    guard let flags = file.bytes(at: 10, count: 1).first else { return nil }
    var offset = 13 + table(flags)
    while let label = file.bytes(at: offset, count: 1).first {
      switch label {
      case 0x3B:
        let next = file.bytes(at: offset + 1, count: 4)
        return next.elementsEqual("GIF8".utf8) ? FollowingFile.text(at: offset + 1, of: file) : nil
      case 0x21: offset += 2
      case 0x2C:
        guard let flags = file.bytes(at: offset + 9, count: 1).first else { break }
        offset += 11 + table(flags)
      default: return "its byte \(offset) is damaged, so what follows can't be read"
      }
      while let size = file.bytes(at: offset, count: 1).first {
        offset += 1 + Int(size)
        if size == 0 { break }
      }
    }
    return "the end of the animation is missing"
  }

  /// ASF specification, 3.1 and 3.2: the header's file properties have the size of the file.
  private static func asf(_ file: ByteFile) -> String? {
    guard let headerSize = file.littleEndian(at: 16, count: 8) else { return nil }
    var offset = 30
    for _ in 0..<1000 where offset < min(headerSize, file.size) {
      guard let size = file.littleEndian(at: offset + 16, count: 8), size >= 24 else { return nil }
      if file.bytes(at: offset, count: 16).elementsEqual(asfFileProperties) {
        // What is broadcast has no size.
        guard let flags = file.littleEndian(at: offset + 88, count: 4), flags & 1 == 0,
          let whole = file.littleEndian(at: offset + 40, count: 8), whole > file.size
        else { return nil }
        return "it ends \(whole - file.size) bytes early"
      }
      offset += min(size, file.size)
    }
    return nil
  }

  static let asfHeader: [UInt8] = [
    0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0x00, 0xAA, 0x00, 0x62, 0xCE, 0x6C,
  ]
  private static let asfFileProperties: [UInt8] = [
    0xA1, 0xDC, 0xAB, 0x8C, 0x47, 0xA9, 0xCF, 0x11, 0x8E, 0xE4, 0x00, 0xC0, 0x0C, 0x20, 0x53, 0x65,
  ]

  /// So many bytes at the end of a file hold at least one page or packet.
  private static let tail = 1 << 17

  /// RFC 3533, section 6: a page tells the lengths of its segments.
  private static func ogg(_ file: ByteFile) -> String? {
    let start = max(0, file.size - tail)
    let bytes = file.bytes(at: start, count: tail)
    guard let page = bytes.lastStart(of: Array("OggS".utf8)) else { return nil }
    guard page + 27 <= bytes.count else { return "it ends in the middle of a page" }
    let segments = Int(bytes[page + 26])
    guard page + 27 + segments <= bytes.count else { return "it ends in the middle of a page" }
    let size = bytes[page + 27..<page + 27 + segments].reduce(0) { $0 + Int($1) }
    return page + 27 + segments + size > bytes.count ? "it ends in the middle of a page" : nil
  }

  /// ISO/IEC 13818-1, 2.5.3: packets of the elementary streams with their lengths.
  private static func programStream(_ file: ByteFile) -> String? {
    let bytes = file.bytes(at: max(0, file.size - tail), count: tail)
    var place = bytes.count - 6
    while place >= 0 {
      defer { place -= 1 }
      guard bytes[place] == 0, bytes[place + 1] == 0, bytes[place + 2] == 1,
        bytes[place + 3] >= 0xBB
      else { continue }
      let length = Int(bytes[place + 4]) << 8 | Int(bytes[place + 5])
      return place + 6 + length > bytes.count ? "it ends in the middle of a packet" : nil
    }
    return nil
  }

  /// NUT specification: the last packet is an index, whose length stands before its checksum.
  private static func nut(_ file: ByteFile) -> String? {
    let start: [UInt8] = [0x4E, 0x58, 0xDD, 0x67, 0x2F, 0x23, 0xE6, 0x4E]
    guard let length = file.bigEndian(at: file.size - 12, count: 8), length < file.size,
      file.bytes(at: file.size - length, count: start.count) == start
    else { return "its index, which is written at the end, is missing" }
    return nil
  }

  /// AV1 specification, 5.2 and 5.3: units with a header, a length (LEB128) and data, the first one
  /// an empty delimiter.
  ///
  /// FFmpeg ends at the first unit that makes no sense.
  private static func openBitstream(_ file: ByteFile) -> String? {
    var offset = 0
    while offset < file.size {
      let bytes = file.bytes(at: offset, count: 10)
      if file.failure != nil { return nil }
      // The highest bit is zero, and each unit has a length in such a file.
      guard bytes[0] & 0x82 == 0x02 else {
        return "its byte \(offset) is damaged, so what follows can't be read"
      }
      let start = bytes[0] & 0x04 == 0 ? 1 : 2
      let length = bytes.dropFirst(start).prefix(8)
      guard let last = length.firstIndex(where: { $0 < 0x80 }) else {
        return "it ends in the middle of a frame"
      }
      let size = length[...last].reversed().reduce(0) { $0 << 7 | Int($1 & 0x7F) }
      offset += last + 1 + size
    }
    return offset > file.size ? "it ends in the middle of a frame" : nil
  }

  /// The format of mjpegtools: a line, then frames of one size with a line each.
  private static func yuv4mpeg(_ file: ByteFile) -> String? {
    let head = file.bytes(at: 0, count: 1024)
    guard let end = head.firstIndex(of: 0x0A) else { return nil }
    let frame = head[(end + 1)...]
    guard let frameEnd = frame.firstIndex(of: 0x0A) else { return nil }
    let words = String(decoding: head[..<end], as: UTF8.self).split(separator: " ")
    func number(_ key: Character) -> Int? {
      words.first { $0.first == key }.flatMap { Int($0.dropFirst()) }
    }
    let chroma = words.first { $0.first == "C" }?.dropFirst() ?? "420"
    guard let width = number("W"), let height = number("H"), (1...65_536).contains(width),
      (1...65_536).contains(height), !chroma.contains("p1"), !chroma.hasPrefix("mono"),
      chroma.hasPrefix("420")
    else { return nil }
    let size = width * height + 2 * ((width + 1) / 2) * ((height + 1) / 2)
    return (file.size - end - 1) % (frameEnd - end + size) == 0
      ? nil : "it ends in the middle of a frame"
  }
}

extension [UInt8] {
  /// Where `pattern` occurs for the last time.
  fileprivate func lastStart(of pattern: [UInt8]) -> Int? {
    guard count >= pattern.count else { return nil }
    return (0...(count - pattern.count)).last { self[$0..<($0 + pattern.count)] == pattern[...] }
  }
}
