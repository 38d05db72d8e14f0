import CFFmpeg

/// Tells whether a part of a still picture is made up, by what a decoder makes of bytes behind it.
///
/// Many decoders take zeros for what is missing at the end, without a word. Then other bytes behind
/// the end give another picture, while a whole picture doesn't depend on them.
enum PictureEnd {
  /// The codecs whose decoders neither need an end mark nor complain.
  private static let silent: Set<String> = [
    "webp", "qoi", "exr", "sunrast", "sgi", "pcx", "targa", "xwd", "dpx", "jpegls", "psd", "dds",
    "hdr", "pictor", "alias_pix",
  ]

  /// Whether `picture`, which was decoded from `packet`, depends on bytes that aren't in it.
  static func isMissing(
    in packet: Packet, _ picture: UnsafePointer<AVFrame>,
    of stream: UnsafeMutablePointer<AVStream>, options: InputOptions, source: String
  ) -> Bool {
    guard let codec = unsafe stream.pointee.codecpar,
      silent.contains(unsafe String(cString: avcodec_get_name(codec.pointee.codec_id))),
      let data = unsafe packet.raw.pointee.data
    else { return false }
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: packet.byteCount))
    guard let longer = extended(bytes) else { return false }
    do {
      let frame = try FrameBuffer()
      let decoder = unsafe try CodecContext.open(
        stream: stream, options: options, isLive: true, source: source)
      let buffer = try PacketBuffer()
      try check(unsafe av_new_packet(buffer.raw, Int32(longer.count)), "av_new_packet")
      guard let place = unsafe buffer.raw.pointee.data else { return false }
      for (index, byte) in longer.enumerated() { unsafe place[index] = byte }
      try decoder.send(buffer)
      try decoder.drain()
      guard try unsafe decoder.receive(into: frame.raw) == .done else { return false }
      return unsafe sd_same_picture(picture, frame.raw) == 0
    } catch {
      // It doesn't tell anything if they can't be decoded with the rest.
      return false
    }
  }

  /// The bytes with others behind them; `nil` if that is more than a packet may have.
  private static func extended(_ bytes: [UInt8]) -> [UInt8]? {
    let count = min(bytes.count + (1 << 16), 1 << 22)
    guard bytes.count < 1 << 30 else { return nil }
    var state: UInt32 = 0x9E37_79B9
    // An even number, since RIFF's chunks have one.
    let more = (0..<(count & ~1)).map { _ in
      state ^= state << 13
      state ^= state >> 17
      state ^= state << 5
      return UInt8(truncatingIfNeeded: state)
    }
    return bytes.starts(with: "RIFF".utf8) ? webP(bytes, more) : bytes + more
  }

  /// RFC 9649: the bytes belong into the chunk with the lossy picture, whose length grows.
  ///
  /// A lossless picture has its end in itself, and the decoder says what is missing.
  private static func webP(_ bytes: [UInt8], _ more: [UInt8]) -> [UInt8]? {
    var offset = 12
    while let size = bytes.integer(at: offset + 4, count: 4, isLittleEndian: true) {
      let end = offset + 8 + size + size % 2
      if bytes[offset...].starts(with: "VP8 ".utf8) {
        guard end <= bytes.count else { return nil }
        let length = littleEndian(size + more.count)
        return bytes[..<4] + littleEndian(bytes.count - 8 + more.count) + bytes[8..<(offset + 4)]
          + length + bytes[(offset + 8)..<(offset + 8 + size)] + more
          + bytes[(offset + 8 + size)...]
      }
      offset = end
    }
    return nil
  }

  private static func littleEndian(_ value: Int) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}
