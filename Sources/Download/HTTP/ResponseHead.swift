/// The status and the fields of an answer.
struct ResponseHead: Hashable {
  /// How the end of a body is found (RFC 9112, section 6.3).
  enum BodyLength: Hashable {
    case bytes(Int)
    case chunked
    case untilClose
  }

  let status: Int
  /// By name in lower case; fields that come twice are joined with a comma.
  private let fields: [String: String]

  /// Reads the lines before the empty one; `nil` if they are not a head of HTTP/1.
  init?(_ lines: [String]) {
    guard let first = lines.first, first.hasPrefix("HTTP/1.") else { return nil }
    let words = first.split(separator: " ", maxSplits: 2)
    guard words.count >= 2, words[1].utf8.count == 3, let status = Int(words[1]) else { return nil }
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      // Lines that continue the one before were given up; a name never has spaces.
      guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
        !line[..<colon].contains(where: \.isWhitespace)
      else { return nil }
      let value = Self.trimmed(line[line.index(after: colon)...])
      fields[line[..<colon].lowercased()].append(value)
    }
    self.status = status
    self.fields = fields
  }

  subscript(name: String) -> String? { fields[name] }

  /// How the end of the body is found; `nil` if the fields contradict each other or name a coding
  /// that wasn't asked for.
  var bodyLength: BodyLength? {
    if let coding = fields["content-encoding"], coding.lowercased() != "identity" { return nil }
    if let coding = fields["transfer-encoding"] {
      return coding.lowercased() == "chunked" ? .chunked : nil
    }
    guard let text = fields["content-length"] else { return .untilClose }
    let numbers = Set(text.split(separator: ",").map { Self.trimmed($0) })
    guard numbers.count == 1, let count = numbers.first.flatMap(Self.number) else { return nil }
    return .bytes(count)
  }

  /// The part of the file that the body has: its first byte, and the size of the whole file if that
  /// is known; `nil` without a valid `Content-Range`.
  var range: (first: Int, total: Int?)? {
    guard let text = fields["content-range"], text.lowercased().hasPrefix("bytes ") else {
      return nil
    }
    let parts = text.dropFirst(6).split(separator: "/")
    guard parts.count == 2, let first = parts[0].split(separator: "-").first.flatMap(Self.number)
    else { return nil }
    if parts[1] == "*" { return (first, nil) }
    return Self.number(parts[1]).map { (first, $0) }
  }

  /// What tells this version of the file from others: a strong entity tag, else the date of its
  /// last change (RFC 9110, section 13.1.5).
  var validator: String? {
    let tag = fields["etag"].flatMap { $0.hasPrefix("\"") && $0.hasSuffix("\"") ? $0 : nil }
    guard let text = tag ?? fields["last-modified"], text.utf8.count < 256 else { return nil }
    return text.utf8.allSatisfy { (0x20..<0x7F).contains($0) } ? text : nil
  }

  /// A number of at most eighteen digits, which no sum of two overflows.
  private static func number(_ text: some StringProtocol) -> Int? {
    let text = trimmed(text)
    guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    let start = text.drop(while: isSpace)
    return String(start.reversed().drop(while: isSpace).reversed())
  }
}

extension String? {
  /// Adds a value to those of the same field.
  fileprivate mutating func append(_ value: String) {
    self = map { $0 + ", " + value } ?? value
  }
}
