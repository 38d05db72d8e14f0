/// A kind of medium that a file's first bytes tell with certainty.
package enum MediaSignature {
  /// A single picture or an animation.
  case picture
  /// A video in a container, or a stream without one.
  case video

  /// Reads the first bytes of a file; a kilobyte is enough.
  package init?(_ head: [UInt8]) {
    func has(_ text: String, at offset: Int = 0) -> Bool {
      head.dropFirst(offset).starts(with: text.utf8)
    }
    func has(_ bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
    if has([0xFF, 0xD8, 0xFF]) || has([0x89, 0x50, 0x4E, 0x47]) || has("GIF8")
      || has("RIFF") && has("WEBP", at: 8) || has([0x49, 0x49, 0x2A, 0]) || has("MM\0*")
      || has("\0\0\0\u{0C}jP  ") || has("qoif") || has("\0\0\0\u{0C}JXL ")
    {
      self = .picture
    } else if has("ftyp", at: 4) {
      // Sound and HEIF have brands of their own, and so have sequences of HEIF pictures.
      let isSound = has("M4A ", at: 8) || has("M4B ", at: 8)
      let isHEIF = HEIFPicture.begins(head) || has("msf1", at: 8)
      let isRead = PictureSupport.readsHEIF || has("avif", at: 8)
      if isSound || isHEIF && !isRead { return nil }
      self = isHEIF ? .picture : .video
    } else if has([0x1A, 0x45, 0xDF, 0xA3])
      || has("RIFF") && (has("AVI ", at: 8) || has("CDXA", at: 8)) || has("FLV\u{1}")
      || has([0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) || has("DKIF") || has("YUV4MPEG2")
      || has([0x06, 0x0E, 0x2B, 0x34]) || has(".RMF") || has([0, 0, 1, 0xBA])
      || has([0, 0, 1, 0xB3]) || has("moov", at: 4) || has("nut/multimedia container")
      || Self.isAnnexB(head) || Self.isTransportStream(head)
    {
      self = .video
    } else {
      return nil
    }
  }

  /// H.264 and H.265 begin with parameter sets behind a start code.
  private static func isAnnexB(_ head: [UInt8]) -> Bool {
    guard head.starts(with: [0, 0, 0, 1]), head.count > 6 else { return false }
    return [0x67, 0x27, 0x47, 0x09, 0x40, 0x42, 0x44, 0x46].contains(head[4])
  }

  /// Packets of 188 bytes, in some files with 4 bytes before or 16 behind each.
  private static func isTransportStream(_ head: [UInt8]) -> Bool {
    [(0, 188), (4, 192), (0, 204)].contains { start, step in
      let marks = stride(from: start, to: head.count, by: step)
      return head.count > start + 2 * step && marks.allSatisfy { head[$0] == 0x47 }
    }
  }
}
