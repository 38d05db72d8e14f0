/// Removes from a location what must not reach a log: user info and secret values.
///
/// Parses the location instead of matching a pattern. User info is removed entirely. If the key of
/// a `key=value` pair sounds secret, its value becomes `***`, in the query, the fragment and the
/// path, where some cameras put credentials. If a location doesn't parse, too much is removed
/// rather than too little; what starts with `/`, `.` or `~` is a file path and stays as it is.
public func redacted(_ location: String) -> String {
  guard let parts = LocationParts(location) else { return redactedWithoutScheme(location) }
  return parts.scheme + "://" + host(of: parts.authority) + redactedPairs(parts.rest)
}

/// A URL in three parts: `scheme://authority` and the rest, which starts with `/`, `?` or `#`.
private struct LocationParts {
  var scheme: Substring
  var authority: Substring
  var rest: Substring

  init?(_ location: String) {
    guard let separator = location.firstRange(of: "://") else { return nil }
    scheme = location[..<separator.lowerBound]
    guard isScheme(scheme) else { return nil }
    let tail = location[separator.upperBound...]
    let end = tail.firstIndex { "/?#".contains($0) } ?? tail.endIndex
    authority = tail[..<end]
    rest = tail[end...]
    // A "/", "?" or "#" inside a password ends the authority too early. The text after the colon
    // isn't a port then, and the real host follows the last "@".
    if !hasPlausiblePort(host(of: authority)), let at = rest.lastIndex(of: "@") {
      let afterwards = rest[at...].dropFirst()
      let hostEnd = afterwards.firstIndex { "/?#".contains($0) } ?? afterwards.endIndex
      authority = tail[..<hostEnd]
      rest = tail[hostEnd...]
    }
  }
}

private func isScheme(_ text: Substring) -> Bool {
  guard let first = text.first, first.isASCII, first.isLetter else { return false }
  return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.,".contains($0)) }
}

/// The host and port of an authority: what follows its last `@`.
private func host(of authority: Substring) -> Substring {
  authority.lastIndex(of: "@").map { authority[$0...].dropFirst() } ?? authority
}

/// Whether `host`, `host:554`, `[::1]` or `[::1]:554`, as opposed to the start of `user:password`.
private func hasPlausiblePort(_ host: Substring) -> Bool {
  let afterHost: Substring
  if host.first == "[" {
    guard let bracket = host.lastIndex(of: "]") else { return false }
    afterHost = host[bracket...].dropFirst()
  } else {
    afterHost = host[(host.firstIndex(of: ":") ?? host.endIndex)...]
  }
  return afterHost.dropFirst().allSatisfy { $0.isASCII && $0.isNumber }
}

private func redactedWithoutScheme(_ location: String) -> String {
  if let first = location.first, "/.~".contains(first) { return location }
  guard let at = location.lastIndex(of: "@"), location[..<at].contains(":") else {
    return location.contains("=") ? redactedPairs(location[...]) : location
  }
  return "***" + redactedPairs(location[at...])
}

/// `text` with the secret values of its `key=value` pieces replaced; pieces end at `/ ? & ; #`.
private func redactedPairs(_ text: Substring) -> String {
  var result = ""
  var piece = text.startIndex
  while piece < text.endIndex {
    let end = text[piece...].firstIndex { "/?&;#".contains($0) } ?? text.endIndex
    result += redactedPair(text[piece..<end])
    guard end < text.endIndex else { break }
    result.append(text[end])
    piece = text.index(after: end)
  }
  return result
}

/// Redacts one piece, which may or may not be `key=value`.
///
/// In `user=admin_password=x` the second key is checked too.
private func redactedPair(_ piece: Substring) -> String {
  var key = piece.startIndex
  while let equals = piece[key...].firstIndex(of: "=") {
    let valueStart = piece.index(after: equals)
    if isSecret(key: piece[key..<equals]) { return piece[..<valueStart] + "***" }
    key = valueStart
  }
  return String(piece)
}

/// Words that make a key secret if they are the whole key or one of its words.
private let secretKeys: Set<String> = [
  "key", "pass", "pwd", "pw", "sig", "sign", "sid", "code", "jwt", "st", "hmac", "policy",
]

/// Letters that make a key secret wherever they occur in it.
private let secretParts = [
  "token", "secret", "passw", "passphrase", "passwd", "apikey", "accesskey", "signature", "auth",
  "credential", "session", "keypairid", "streamkey",
]

private func isSecret(key: Substring) -> Bool {
  let letters = percentDecoded(key).lowercased().filter { $0.isLetter || $0.isNumber }
  let words = percentDecoded(key).lowercased().split { !($0.isLetter || $0.isNumber) }
  return secretKeys.contains(letters) || words.contains { secretKeys.contains(String($0)) }
    || secretParts.contains { letters.contains($0) }
}

/// `text` with percent encoding such as `%41` decoded; invalid codes stay as they are.
func percentDecoded(_ text: Substring) -> String {
  var bytes: [UInt8] = []
  var rest = Array(text.utf8)[...]
  while let byte = rest.popFirst() {
    let digits = rest.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    if byte == UInt8(ascii: "%"), digits.count == 2 {
      bytes.append(UInt8(digits[0] * 16 + digits[1]))
      rest = rest.dropFirst(2)
    } else {
      bytes.append(byte)
    }
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// `text` with every URL in it redacted, for log lines.
///
/// The credentials in HTTP and RTSP headers, which FFmpeg logs at its lowest level, are redacted
/// too.
func redactedText(_ text: String) -> String {
  text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
    guard let header = line.lowercased().firstRange(of: "authorization:") else {
      return redactedLine(line)
    }
    let kept = line.lowercased()[..<header.upperBound].count
    return line.prefix(kept) + " ***"
  }.joined(separator: "\n")
}

private func redactedLine(_ text: Substring) -> String {
  guard text.contains("://") else { return String(text) }
  return text.split(separator: " ", omittingEmptySubsequences: false).map { word in
    guard word.contains("://") else { return String(word) }
    // Quotes, brackets and punctuation around a URL aren't part of it.
    let quotes = "'\"<>()"
    let start = word.firstIndex { !quotes.contains($0) } ?? word.startIndex
    let end = word.lastIndex { !quotes.contains($0) && !",:".contains($0) } ?? word.startIndex
    guard start <= end else { return String(word) }
    return word[..<start] + redacted(String(word[start...end])) + word[word.index(after: end)...]
  }.joined(separator: " ")
}
