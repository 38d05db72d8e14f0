/// What the names of files in an MPEG-DASH presentation are made of, taken from its XML.
///
/// It works on bytes as XML does: in a `String`, a mark that combines with a quote or a bracket
/// would hide it.
struct PresentationNames {
  /// The texts, and the values of the attributes that names are made of.
  private(set) var values: [String] = []
  /// Whether a segment is only a range of bytes of the presentation's file.
  private(set) var hasRanges = false
  private var rest: ArraySlice<UInt8>
  /// Whether the last tag began an element whose text is an address.
  private var isInAddress = false

  /// Attributes that FFmpeg makes names of, whatever their prefix.
  private static let attributes: Set<String> = [
    "media", "initialization", "sourceURL", "index", "href", "id", "bandwidth",
  ]
  /// Those of them whose values are put into the others.
  private static let inserted: Set<String> = ["id", "bandwidth"]

  /// Reads a presentation.
  ///
  /// `nil` if it has what could make other names of them: a document type, characters written as
  /// numbers, addresses in pieces, and whatever is not XML.
  init?(_ bytes: [UInt8]) {
    let others = ["<!DOCTYPE", "<!ENTITY", "<![", "&#"]
    guard !others.contains(where: { bytes.contains(bytes: $0.utf8) }), Self.isPlainEncoding(bytes)
    else { return nil }
    rest = bytes[...]
    while let place = rest.firstIndex(of: UInt8(ascii: "<")) {
      add(rest[..<place])
      rest = rest[(place + 1)...]
      // FFmpeg takes the text of all that is within.
      guard !isInAddress || rest.first == UInt8(ascii: "/") else { return nil }
      isInAddress = false
      if rest.starts(with: "!--".utf8) {
        guard skip("-->") else { return nil }
      } else if rest.first == UInt8(ascii: "?") {
        guard skip("?>") else { return nil }
      } else {
        guard readTag() else { return nil }
      }
    }
    add(rest)
  }

  private mutating func add(_ text: ArraySlice<UInt8>) {
    guard let first = text.firstIndex(where: { !Self.isSpace($0) }),
      let last = text.lastIndex(where: { !Self.isSpace($0) })
    else { return }
    values.append(String(decoding: text[first...last], as: UTF8.self))
  }

  private mutating func skip(_ end: String) -> Bool {
    guard let place = rest.firstPlace(of: end.utf8) else { return false }
    rest = rest[(place + end.utf8.count)...]
    return true
  }

  private mutating func take(_ isWanted: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let taken = rest.prefix(while: isWanted)
    rest = rest[taken.endIndex...]
    return taken
  }

  /// Reads a tag up to its end; `false` if it isn't one.
  private mutating func readTag() -> Bool {
    let isEnd = rest.first == UInt8(ascii: "/")
    let name = take { !Self.isSpace($0) && $0 != UInt8(ascii: ">") }
    var isClosed = name.last == UInt8(ascii: "/")
    let known = values.count
    var hasRange = false
    while true {
      _ = take(Self.isSpace)
      guard let next = rest.first else { return false }
      if next == UInt8(ascii: ">") {
        rest = rest.dropFirst()
        if hasRange, values.count == known { hasRanges = true }
        let isAddress = Self.localName(name).lowercased() == "baseurl"
        isInAddress = isAddress && !isEnd && !isClosed
        return true
      }
      isClosed = next == UInt8(ascii: "/")
      if isClosed {
        rest = rest.dropFirst()
        continue
      }
      hasRange = hasRange || rest.starts(with: "mediaRange".utf8)
      guard readAttribute() else { return false }
    }
  }

  private mutating func readAttribute() -> Bool {
    let name = Self.localName(take { !Self.isSpace($0) && !"=<>\"'".utf8.contains($0) })
    _ = take(Self.isSpace)
    guard rest.popFirst() == UInt8(ascii: "=") else { return false }
    _ = take(Self.isSpace)
    guard let quote = rest.popFirst(), "\"'".utf8.contains(quote) else { return false }
    let value = take { $0 != quote && $0 != UInt8(ascii: "<") }
    guard rest.popFirst() == quote else { return false }
    if Self.attributes.contains(name) { add(value) }
    // An empty one, or one that begins or ends with a dot, could make two dots in a name.
    let dot = UInt8(ascii: ".")
    return !Self.inserted.contains(name)
      || !value.isEmpty && value.first != dot && value.last != dot
  }

  private static func localName(_ name: ArraySlice<UInt8>) -> String {
    let local = name.split(separator: UInt8(ascii: ":")).last ?? []
    return String(decoding: local.filter { $0 != UInt8(ascii: "/") }, as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool { " \t\r\n".utf8.contains(byte) }

  /// Whether the bytes are characters as we read them, which a declaration or the first bytes may
  /// change.
  private static func isPlainEncoding(_ bytes: [UInt8]) -> Bool {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
    guard text.first(where: { !isSpace($0) }) == UInt8(ascii: "<"), !text.contains(0) else {
      return false
    }
    let word = "encoding"
    guard let place = text.firstPlace(of: word.utf8) else { return true }
    let rest = text[(place + word.utf8.count)...].drop { "=\"' ".utf8.contains($0) }
    let name = String(decoding: rest.prefix(16), as: UTF8.self).lowercased()
    return ["utf-8", "us-ascii", "iso-8859-1"].contains(where: name.hasPrefix)
  }
}
