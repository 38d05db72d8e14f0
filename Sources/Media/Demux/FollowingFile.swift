/// Finds where another file begins behind the end of the first, as `cat a b` joins them, in formats
/// of which FFmpeg reads the first file only.
enum FollowingFile {
  /// What isn't read, in words; `nil` if no other file follows.
  static func shortfall(of file: ByteFile) -> String? {
    let head = file.bytes(at: 0, count: 16)
    let end: Int?
    if head.starts(with: flash) {
      end = flashVideo(file)
    } else if head.starts(with: asf) {
      end = windowsMedia(file)
    } else if head.starts(with: png) {
      end = portableNetworkGraphics(file)
    } else if head.starts(with: "RIFF".utf8), head.dropFirst(8).starts(with: "WEBP".utf8) {
      end = file.littleEndian32(at: 4).map { 8 + $0 + $0 % 2 }
    } else if head.starts(with: "BM".utf8), head.dropFirst(6).prefix(4).allSatisfy({ $0 == 0 }) {
      end = file.littleEndian32(at: 2)
    } else if head.starts(with: "FWS".utf8) {
      end = file.littleEndian32(at: 4)
    } else {
      end = nil
    }
    guard let end, begins(at: end, like: head, in: file) else { return nil }
    return text(at: end, of: file)
  }

  /// The sentence about a file that begins at `offset`.
  static func text(at offset: Int, of file: ByteFile) -> String {
    "another file begins at its byte \(offset), and these \(file.size - offset) bytes are not read"
  }

  /// Where a second segment of Matroska begins behind the first.
  ///
  /// FFmpeg reads it if its tracks are those of the first.
  static func segment(_ file: ByteFile) -> Int? {
    let head = file.bytes(at: 0, count: 4)
    guard let end = ContainerExtent.segmentEnd(file), begins(at: end, like: head, in: file) else {
      return nil
    }
    return end
  }

  /// Whether two segments of Matroska, of which FFmpeg reads the second with the tracks of the
  /// first, begin with videos in the same codec.
  static func haveSameCodec(_ file: ByteFile, _ second: Int) -> Bool {
    func codec(_ start: Int) -> ArraySlice<UInt8>? {
      let head = file.bytes(at: start, count: 1 << 14)
      // RFC 9559, 5.1.4.1.21: the identifier of the element, its length, and a name.
      var rest = head[...]
      while let place = rest.firstIndex(of: 0x86), place + 4 < head.count {
        let name = head[(place + 2)...].prefix(Int(head[place + 1] & 0x7F))
        if name.starts(with: "V_".utf8) { return name }
        rest = rest[(place + 1)...]
      }
      return nil
    }
    guard let one = codec(0), let other = codec(second) else { return true }
    return one.elementsEqual(other)
  }

  /// Whether the bytes at `offset` are those that the first file begins with.
  private static func begins(at offset: Int, like head: [UInt8], in file: ByteFile) -> Bool {
    let length = head.starts(with: png) ? png.count : head.starts(with: "FWS".utf8) ? 3 : 4
    guard offset >= 16, offset < file.size else { return false }
    let next = file.bytes(at: offset, count: 12)
    // Of a bitmap's four bytes the last two are those of its size.
    if head.starts(with: "BM".utf8) {
      return next.starts(with: "BM".utf8) && next.dropFirst(6).prefix(4).allSatisfy { $0 == 0 }
    }
    return next.starts(with: head.prefix(length))
  }

  private static let flash = Array("FLV".utf8) + [1]
  private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let asf = ContainerEnd.asfHeader

  /// No file has more tags or chunks.
  private static let most = 10_000_000

  /// Adobe's FLV specification, annex E: tags of a type, a length, eight bytes more, the data and
  /// the length of all that.
  private static func flashVideo(_ file: ByteFile) -> Int? {
    guard let header = file.bigEndian(at: 5, count: 4), header < 1 << 20 else { return nil }
    var offset = header + 4
    for _ in 0..<most {
      let tag = file.bytes(at: offset, count: 4)
      guard tag.count == 4, [8, 9, 18].contains(tag[0] & 0x1F) else { break }
      offset += 15 + (Int(tag[1]) << 16 | Int(tag[2]) << 8 | Int(tag[3]))
    }
    return offset
  }

  /// ASF specification, 2.1: objects of an identifier, a length and data; a header begins a file.
  private static func windowsMedia(_ file: ByteFile) -> Int? {
    var offset = 0
    for _ in 0..<1000 {
      guard let size = file.littleEndian(at: offset + 16, count: 8), size >= 24,
        size <= file.size - offset
      else { return nil }
      offset += size
      if file.bytes(at: offset, count: asf.count) == asf { return offset }
    }
    return nil
  }

  /// ISO/IEC 15948, 5.3: chunks up to `IEND`.
  private static func portableNetworkGraphics(_ file: ByteFile) -> Int? {
    var offset = 8
    for _ in 0..<most {
      guard let length = file.bigEndian(at: offset, count: 4) else { return nil }
      let isLast = file.bytes(at: offset + 4, count: 4).elementsEqual("IEND".utf8)
      offset += 12 + length
      if isLast { return offset }
    }
    return nil
  }
}
