import CFFmpeg
import Foundation
internal import Support

/// A local file that names others, read before FFmpeg reads it.
struct PlaylistFile {
  enum Kind {
    /// `#EXTM3U`, for HTTP Live Streaming.
    case hls
    /// `ffconcat`: files that FFmpeg joins. Its reader of them opens them without asking anybody.
    case list
    /// MPEG-DASH. FFmpeg's reader of it opens files without asking anybody too.
    case presentation
  }

  /// The size above which a list or a presentation is not read.
  static let mostBytes = 4 << 20

  let kind: Kind
  /// What it names, as it is written.
  let names: [String]
  /// Whether something in it changes how names are read or files opened.
  let hasOptions: Bool

  /// The kind of a file that starts with `bytes`; `nil` if it names no others.
  static func kind(of bytes: [UInt8]) -> Kind? {
    if bytes.starts(with: "ffconcat version 1.0".utf8) { return .list }
    let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
    if text.contains("#EXTM3U") { return .hls }
    return text.contains("<MPD") ? .presentation : nil
  }

  /// Whether it is an HLS playlist of segments, and not of other playlists.
  let hasSegments: Bool
  /// The longest segment of an HLS playlist, in seconds.
  let targetDuration: Double?
  /// How far the lengths of an HLS playlist's segments can be from what comes, in seconds.
  ///
  /// They may be rounded to whole ones. `nil` if nothing is known.
  private(set) var tolerance: Double?

  init(_ kind: Kind, _ bytes: [UInt8]) {
    self.kind = kind
    let text = kind == .hls ? String(decoding: bytes, as: UTF8.self) : ""
    hasSegments = text.contains("#EXTINF")
    targetDuration = text.firstRange(of: "#EXT-X-TARGETDURATION:").flatMap {
      Double(text[$0.upperBound...].prefix { "0123456789.".contains($0) })
    }
    switch kind {
    case .hls:
      names = Self.lines(bytes).map { String(decoding: $0, as: UTF8.self) }
        .filter { !$0.hasPrefix("#") }.map { $0.trimmingCharacters(in: .whitespaces) }
      hasOptions = false
      if hasSegments {
        let lengths = Self.lines(bytes).filter { $0.starts(with: "#EXTINF:".utf8) }
        let isRounded = !lengths.contains { $0.contains(UInt8(ascii: ".")) }
        tolerance = isRounded ? max(1, 0.5 * Double(lengths.count)) : 0.5
      }
    case .list:
      let lines = Self.lines(bytes).map(Self.words)
      names = lines.filter { $0.first == "file" }.compactMap { $0.count > 1 ? $0[1] : nil }
      hasOptions = lines.contains { $0.first == "option" }
    case .presentation:
      let values = Self.values(String(decoding: bytes, as: UTF8.self))
      names = values ?? []
      hasOptions = values == nil
    }
  }

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(whereSeparator: { [0x0A, 0x0D, 0].contains($0) })
  }

  /// The words of a line, with FFmpeg's rules for quotes; no more than the first three.
  private static func words(_ line: ArraySlice<UInt8>) -> [String] {
    var words: [String] = []
    unsafe (Array(line) + [0]).withUnsafeBufferPointer { buffer in
      unsafe buffer.withMemoryRebound(to: CChar.self) { text in
        var place = text.baseAddress
        while let start = unsafe place, unsafe start.pointee != 0, words.count < 3 {
          guard let word = unsafe av_get_token(&place, " \t\r\n") else { return }
          words.append(unsafe FileName.text(cString: word))
          unsafe av_free(word)
          while let next = unsafe place, unsafe next.pointee == 0x20 || next.pointee == 0x09 {
            unsafe place = next + 1
          }
        }
      }
    }
    return words
  }
}

extension PlaylistFile {
  /// The attributes of a presentation that names of files are made of.
  private static let namingAttributes: Set<String> = [
    "media", "initialization", "sourceURL", "index", "href", "xlink:href", "id",
  ]

  /// The texts in a presentation, and the values of the attributes that names of files are made of.
  ///
  /// `nil` if it has what could make other names of them: a document type, and characters written
  /// as numbers.
  private static func values(_ text: String) -> [String]? {
    guard !["<!DOCTYPE", "<!ENTITY", "<![", "&#"].contains(where: text.contains),
      isPlainEncoding(text)
    else { return nil }
    var values: [String] = []
    for part in text.split(separator: "<") {
      let pieces = part.split(separator: ">", maxSplits: 1, omittingEmptySubsequences: false)
      if let content = pieces.dropFirst().first { values.append(content.description) }
      let words = pieces[0].split { "=\"'".contains($0) || $0.isWhitespace }
      for (name, value) in zip(words, words.dropFirst())
      where namingAttributes.contains(String(name)) {
        values.append(String(value))
      }
    }
    return values.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
  }

  /// Whether the bytes are characters as we read them, which a declaration may change.
  private static func isPlainEncoding(_ text: String) -> Bool {
    guard let place = text.firstRange(of: "encoding") else { return true }
    let rest = text[place.upperBound...].drop { "=\"' ".contains($0) }
    return ["utf-8", "us-ascii", "iso-8859-1"].contains { rest.lowercased().hasPrefix($0) }
  }

  /// Whether a name made of `value` can only lead into the presentation's own folder.
  private static func isInside(_ value: String) -> Bool {
    !value.hasPrefix("/") && !value.contains("..") && protocols(of: value).names.isEmpty
  }

  /// The first of the names in a presentation that may lead out of its folder.
  var leadingOut: String? {
    names.first { !Self.isInside($0) }
  }
}
