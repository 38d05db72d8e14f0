import CFFmpeg

/// Whether media are encrypted, so that without a key decoders make garbage of them.
enum Encryption {
  /// The scheme by which a packet is encrypted, such as `cenc`; `nil` if it isn't.
  ///
  /// FFmpeg says so for packets that it has no key for; those that it decrypts carry no note.
  static func scheme(of packet: borrowing PacketBuffer) -> String? {
    var size = 0
    guard
      let data = unsafe av_packet_get_side_data(packet.raw, AV_PKT_DATA_ENCRYPTION_INFO, &size)
    else { return nil }
    guard size >= 4 else { return "unknown" }
    let name = unsafe Array(UnsafeBufferPointer(start: data, count: 4))
    return name.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      ? String(decoding: name, as: UTF8.self) : "cenc"
  }

  /// The scheme by which the tracks of a handler (`vide`, `soun`) are encrypted, if all are.
  ///
  /// FFmpeg takes the original format of a protected track for its format, and says nothing about
  /// samples that have no data of their own about the encryption.
  static func scheme(ofTracks handler: String, in source: some ByteSource) -> String? {
    guard let movie = ISOBox.first("moov", in: source, from: 0, to: source.size) else { return nil }
    var schemes: [String?] = []
    for track in ISOBox.boxes(in: source, from: movie.start, to: movie.end)
    where track.type == "trak" {
      guard let media = ISOBox.first("mdia", in: source, from: track.start, to: track.end),
        let kind = ISOBox.first("hdlr", in: source, from: media.start, to: media.end),
        source.bytes(at: kind.start + 8, count: 4).elementsEqual(handler.utf8)
      else { continue }
      schemes.append(scheme(ofMedia: media, in: source))
    }
    return schemes.contains(nil) ? nil : schemes.first ?? nil
  }

  private static func scheme(ofMedia media: ISOBox, in source: some ByteSource) -> String? {
    var box = media
    for type in ["minf", "stbl", "stsd"] {
      guard let inner = ISOBox.first(type, in: source, from: box.start, to: box.end) else {
        return nil
      }
      box = inner
    }
    // Version, flags and a count come before the entries; the first one describes the samples.
    guard let entry = ISOBox.boxes(in: source, from: box.start + 8, to: box.end).first else {
      return nil
    }
    switch entry.type {
    // The fields of a sample entry that come before the boxes in it.
    case "encv": return scheme(ofEntry: entry, fields: 78, in: source)
    case "enca": return scheme(ofEntry: entry, fields: 28, in: source)
    case "drmi", "drms", "drmt": return "FairPlay"
    default: return nil
    }
  }

  private static func scheme(
    ofEntry entry: ISOBox, fields: Int, in source: some ByteSource
  ) -> String? {
    guard
      let protection = ISOBox.first(
        "sinf", in: source, from: entry.start + fields, to: entry.end)
    else { return "unknown" }
    if let details = ISOBox.first("schi", in: source, from: protection.start, to: protection.end),
      let track = ISOBox.first("tenc", in: source, from: details.start, to: details.end),
      source.integer(at: track.start + 6, count: 1) == 0
    {
      // The samples are in the clear unless they say otherwise.
      return nil
    }
    guard let scheme = ISOBox.first("schm", in: source, from: protection.start, to: protection.end)
    else { return "unknown" }
    return String(decoding: source.bytes(at: scheme.start + 4, count: 4), as: UTF8.self)
  }
}

extension MediaError {
  /// The error for media that are encrypted by a scheme, such as `cenc`.
  static func encrypted(_ scheme: String, source: String) -> MediaError {
    MediaError(
      .encrypted, source: source,
      message: "Its video is encrypted (scheme \(scheme)), and there is no key for it.",
      remedy: scheme.count == 4
        ? "Give the key with --input-opt decryption_key=HEX, or use a copy without encryption."
        : "Use a copy without encryption.")
  }
}

extension MediaError.Code {
  /// The video is encrypted, and no key was given.
  public static let encrypted: Self = "encrypted"
}
