import CFFmpeg

extension FormatContext {
  /// The scheme by which the whole video is encrypted, if there is no key for it.
  func encryptionScheme(_ location: Location, _ options: InputOptions) -> String? {
    if formatName.hasPrefix("hls") { return playlistScheme(location) }
    guard !options.hasDecryptionKey else { return nil }
    for index in 0..<streamCount where isVideo(index) {
      guard let stream = unsafe stream(index) else { continue }
      if unsafe dictionaryEntry("enc_key_id", of: stream.pointee.metadata) != nil { return "WebM" }
      if formatName == "mpegts", let path = location.path, let file = byteFile(path),
        unsafe Encryption.isScrambled(streamWithID: Int(stream.pointee.id), in: file)
      {
        return "conditional access"
      }
    }
    guard let path = location.path, formatName.hasPrefix("mov"), let file = byteFile(path)
    else { return nil }
    return Encryption.scheme(ofTracks: "vide", in: file)
  }

  /// Whether all sound of a file is encrypted.
  func isSoundEncrypted(_ location: Location) -> Bool {
    guard let path = location.path, formatName.hasPrefix("mov"), let file = byteFile(path)
    else { return false }
    return Encryption.scheme(ofTracks: "soun", in: file) != nil
  }

  /// The scheme of a playlist's segments, read from the playlist itself.
  private func playlistScheme(_ location: Location) -> String? {
    if let path = location.path {
      guard let file = byteFile(path) else { return nil }
      return PlaylistKeys.scheme(in: Self.text(of: file)) { name in
        // Others are left to FFmpeg, which checks the protocols that it may use.
        guard !name.hasPrefix("/"), !name.contains(".."), !name.contains(":") else { return nil }
        let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
        return byteFile(folder + name).map { Self.text(of: $0) }
      }
    }
    guard let io = unsafe raw.pointee.pb else { return nil }
    let position = unsafe avio_tell(io)
    // A short playlist is still in the buffer, whatever it came from.
    guard unsafe io.pointee.seekable != 0 || position < 1 << 15 else { return nil }
    let text = unsafe Self.text(of: IOBytes(io))
    unsafe avio_seek(io, position, SEEK_SET)
    return PlaylistKeys.scheme(in: text) { _ in nil }
  }

  private static func text(of source: some ByteSource) -> String {
    String(decoding: source.bytes(at: 0, count: PlaylistKeys.limit), as: UTF8.self)
  }
}

extension Encryption {
  /// Whether all packets of a stream are scrambled (ISO/IEC 13818-1, 2.4.3.3), as far as the first
  /// megabytes tell.
  static func isScrambled(streamWithID id: Int, in source: some ByteSource) -> Bool {
    let bytes = source.bytes(at: 0, count: 4 << 20)
    // With four bytes before each packet, or sixteen behind it, or neither.
    let layouts = [(0, 188), (4, 192), (0, 204)]
    guard
      let (start, step) = layouts.first(where: { start, step in
        bytes.count > start + 4 * step
          && (0..<4).allSatisfy { bytes[start + $0 * step] == 0x47 }
      })
    else { return false }
    var isAny = false
    for place in stride(from: start, to: bytes.count - 3, by: step) where bytes[place] == 0x47 {
      let hasPayload = bytes[place + 3] & 0x10 != 0
      guard hasPayload, Int(bytes[place + 1] & 0x1F) << 8 | Int(bytes[place + 2]) == id else {
        continue
      }
      if bytes[place + 3] & 0xC0 == 0 { return false }
      isAny = true
    }
    return isAny
  }
}

extension InputOptions {
  /// Whether a key for encrypted MP4 is given.
  var hasDecryptionKey: Bool {
    demuxerOptions.contains { ["decryption_key", "decryption_keys"].contains($0.key) }
  }
}
