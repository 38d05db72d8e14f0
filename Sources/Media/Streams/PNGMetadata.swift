import CFFmpeg

/// Hides the compressed metadata of PNG pictures from FFmpeg, which inflates it without a limit.
///
/// A chunk of a megabyte may hold a gigabyte. Nothing in it is needed here.
enum PNGMetadata {
  /// Hides it in a packet of a PNG or an APNG stream.
  ///
  /// - Throws: If there is no memory for a copy of a packet that is shared.
  static func hide(in packet: borrowing PacketBuffer) throws(FFmpegError) {
    let (data, size) = unsafe (packet.raw.pointee.data, Int(packet.raw.pointee.size))
    guard let data = unsafe data, size > 0 else { return }
    guard unsafe contains(UnsafeBufferPointer(start: data, count: size)) else { return }
    try check(unsafe av_packet_make_writable(packet.raw), "av_packet_make_writable")
    guard let own = unsafe packet.raw.pointee.data else { return }
    unsafe hide(in: UnsafeMutableBufferPointer(start: own, count: size))
  }

  /// Hides it in the header of an APNG stream.
  static func hide(inHeaderOf stream: UnsafeMutablePointer<AVStream>) {
    guard let parameters = unsafe stream.pointee.codecpar,
      unsafe [AV_CODEC_ID_PNG, AV_CODEC_ID_APNG].contains(parameters.pointee.codec_id),
      let data = unsafe parameters.pointee.extradata
    else { return }
    unsafe hide(
      in: UnsafeMutableBufferPointer(start: data, count: Int(parameters.pointee.extradata_size)))
  }

  /// The chunks of ISO/IEC 15948 (11.3.3 and 11.3.4) whose contents are compressed.
  private static let compressed = ["zTXt", "iTXt", "iCCP"].map { Array($0.utf8) }
  /// A type that no decoder knows, and that says that it may be skipped.
  private static let skipped = Array("skIp".utf8)

  private static func contains(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var found = false
    unsafe forEachChunk(bytes.span) { _ in found = true }
    return found
  }

  private static func hide(in bytes: UnsafeMutableBufferPointer<UInt8>) {
    var places: [Int] = []
    unsafe forEachChunk(bytes.span) { places.append($0) }
    for place in places {
      for (offset, byte) in skipped.enumerated() { unsafe bytes[place + offset] = byte }
    }
  }

  /// Calls `body` with the place of the type of each compressed chunk.
  private static func forEachChunk(_ bytes: Span<UInt8>, _ body: (Int) -> Void) {
    // A file has a signature before its first chunk, and a packet of an animation has none.
    var place = bytes.count > 8 && bytes[0] == 0x89 ? 8 : 0
    while place + 12 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
      let type = (4..<8).map { bytes[place + $0] }
      if compressed.contains(type) { body(place + 4) }
      guard length <= bytes.count - place - 12 else { return }
      place += 12 + length
    }
  }
}
