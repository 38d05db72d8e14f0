internal import Support

/// Removes from a location what must not reach a log: user info and secret values.
///
/// Parses the location instead of matching a pattern. User info is removed entirely. If the key of
/// a `key=value` pair sounds secret, its value becomes `***`, in the query, the fragment and the
/// path, where some cameras put credentials; in the query and the fragment the value ends only at
/// the next `&`. The part of a path after one such as `token` goes, too. A URL inside the URL is
/// treated in the same way, also percent-encoded. Of an RTMP address only the host and the
/// application stay, because the rest is the stream's key. If a location doesn't parse, too much is
/// removed rather than too little; what starts with `/`, `.` or `~` is a file path and stays as it
/// is.
public func redacted(_ location: String) -> String {
  // Byte by byte: a combining mark after an "@" or a "=" would make it another Character.
  let text = ByteText.text(FileName.bytes(location))
  return FileName.text(ByteText.bytes(redacted(text, depth: 0)))
}

/// How deep URLs within URLs are followed; what is nested deeper is removed.
private let deepest = 5

private func redacted(_ location: String, depth: Int) -> String {
  guard let parts = LocationParts(location) else {
    return redactedWithoutScheme(location, depth: depth)
  }
  // A nested URL's host ends only at the outer URL's next pair.
  let start = parts.scheme + "://" + redactedHost(host(of: parts.authority), depth: depth)
  if parts.scheme.lowercased().hasPrefix("rtmp") { return start + withoutStreamKey(parts.rest) }
  return start + redactedRest(parts.rest, depth: depth)
}

/// A URL in three parts: `scheme://authority` and the rest, which starts with `/`, `?` or `#`.
struct LocationParts {
  var scheme: Substring
  var authority: Substring
  var rest: Substring
  /// Whether a `/`, `?` or `#` in the user name or the password ends the authority too early, so
  /// that no program can open the location as it is.
  private(set) var hasBrokenUserInfo = false

  init?(_ location: String) {
    guard let separator = location.firstRange(of: "://") else { return nil }
    scheme = location[..<separator.lowerBound]
    guard isScheme(scheme) else { return nil }
    let tail = location[separator.upperBound...]
    let end = tail.firstIndex { "/?#".contains($0) } ?? tail.endIndex
    authority = tail[..<end]
    rest = tail[end...]
    // A "/", "?" or "#" inside a password ends the authority too early. The text after the colon
    // isn't a port then, and the real host follows the last "@". In a user name, the colon comes
    // later, with an "@" behind it.
    let own = rest[..<(nestedURL(in: rest) ?? rest.endIndex)]
    guard let at = own.lastIndex(of: "@") else { return }
    hasBrokenUserInfo = !hasPlausiblePort(host(of: authority))
    // What looks like a port may be the start of a password: `user:12/3@host`.
    let mayBePassword =
      !authority.contains("@") && authority.contains(":") && authority.first != "["
      && !own[..<at].contains("=")
      && (!scheme.lowercased().hasPrefix("http") || startsWithHost(own[at...].dropFirst()))
    if hasBrokenUserInfo || mayBePassword || hasColonBefore(at, in: own) {
      let afterwards = rest[at...].dropFirst()
      let hostEnd = afterwards.firstIndex { "/?#".contains($0) } ?? afterwards.endIndex
      authority = tail[..<hostEnd]
      rest = tail[hostEnd...]
    }
  }
}

/// Whether an address seems to go on here, as opposed to `2x.png` of `photo@2x.png`.
private func startsWithHost(_ text: Substring) -> Bool {
  let host = text.prefix { !"/?#".contains($0) }
  let parts = host.split(separator: ".")
  return host.contains(":") || parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    || host.endIndex < text.endIndex && host.contains(where: \.isLetter)
}

/// Whether a `:` stands before `place`, and isn't part of a pair's value.
private func hasColonBefore(_ place: Substring.Index, in text: Substring) -> Bool {
  guard let colon = text[..<place].firstIndex(of: ":") else { return false }
  return !text[..<colon].contains("=")
}

private func isScheme(_ text: Substring) -> Bool {
  guard let first = text.first, first.isASCII, first.isLetter else { return false }
  return text.allSatisfy(isSchemeCharacter)
}

private func isSchemeCharacter(_ character: Character) -> Bool {
  character.isASCII && (character.isLetter || character.isNumber || "+-.,".contains(character))
}

/// Where a URL starts inside `text`, if there is one.
private func nestedURL(in text: Substring) -> Substring.Index? {
  guard let separator = text.firstRange(of: "://") else { return nil }
  let scheme = text[..<separator.lowerBound].reversed().prefix(while: isSchemeCharacter)
  return text.index(separator.lowerBound, offsetBy: -scheme.count)
}

/// The host and port of an authority: what follows its last `@`.
private func host(of authority: Substring) -> Substring {
  authority.lastIndex(of: "@").map { authority[$0...].dropFirst() } ?? authority
}

/// A host with its port, which are no key and value; what is neither is redacted.
private func redactedHost(_ host: Substring, depth: Int) -> String {
  let own = host.prefix { !"?&;#, ".contains($0) }
  guard hasPlausiblePort(own), !own.contains("=") else { return redactedPairs(host, depth: depth) }
  return own + redactedPairs(host[own.endIndex...], depth: depth)
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

private func redactedWithoutScheme(_ location: String, depth: Int) -> String {
  if let first = location.first, "/.~".contains(first) { return location }
  guard let at = location.lastIndex(of: "@"), location[..<at].contains(":") else {
    return location.contains("=") ? redactedPairs(location[...], depth: depth) : location
  }
  return "***" + redactedPairs(location[at...], depth: depth)
}

/// `/app/key?x` as `/app/***`: the first part of an RTMP path is the application, the last one is
/// what a publisher has to know.
private func withoutStreamKey(_ rest: Substring) -> String {
  guard rest.first == "/" else { return rest.isEmpty ? "" : rest.prefix(1) + "***" }
  let application = rest.dropFirst().prefix { !"/?#&; ".contains($0) }
  let tail = rest[application.endIndex...]
  return "/" + application + (tail.isEmpty || tail == "/" ? tail : tail.prefix(1) + "***")
}

/// What follows the host, with the URL in it, if there is one, redacted on its own.
private func redactedRest(_ rest: Substring, depth: Int) -> String {
  guard let nested = nestedURL(in: rest) else { return redactedPairs(rest, depth: depth) }
  let before = redactedPairs(rest[..<nested], depth: depth)
  // A secret key takes all that follows; anything nested deeper is removed, too.
  if before.hasSuffix("=***") { return before }
  if depth >= deepest { return before + "***" }
  return before + redacted(String(rest[nested...]), depth: depth + 1)
}

/// `text` with the secret values of its `key=value` pieces replaced; pieces end at `/ ? & ; # ,` or
/// a space.
func redactedPairs(_ text: Substring, depth: Int = 0) -> String {
  var result = ""
  var isQuery = false
  var isAfterName = false
  var hasUser = false
  var piece = text.startIndex
  while piece < text.endIndex {
    let end = text[piece...].firstIndex { "/?&;#, ".contains($0) } ?? text.endIndex
    let own = text[piece..<end]
    let shown: String
    if isAfterName, !own.isEmpty {
      shown = "***"
    } else if hasUser, own.hasPrefix("p=") {
      shown = "p=***"
    } else {
      shown = redactedPiece(own, depth: depth)
    }
    isAfterName = !isAfterName && !isQuery && isSecret(part: own)
    hasUser = hasUser || namesUser(own)
    result += shown
    piece = end
    // A query's value may have any of these characters but `&`.
    if isQuery, shown.hasSuffix("***") {
      piece = text[piece...].firstIndex(of: "&") ?? text.endIndex
    }
    guard piece < text.endIndex else { break }
    if "?#".contains(text[piece]) { isQuery = true }
    if text[piece] != "/" { isAfterName = false }
    result.append(text[piece])
    piece = text.index(after: piece)
  }
  return result
}

/// Whether `piece` is `user=NAME`, so that a `p=` after it is no page.
private func namesUser(_ piece: Substring) -> Bool {
  ["u", "user", "usr", "username", "login"].contains(piece.prefix { $0 != "=" }.lowercased())
}

/// Redacts one piece, which may be percent-encoded once or more often.
private func redactedPiece(_ piece: Substring, depth: Int) -> String {
  let plain = redactedPair(piece)
  guard plain.contains("%") else { return plain }
  let decoded = ByteText.text(percentDecoded(ByteText.bytes(plain)))
  guard decoded != plain else { return plain }
  guard depth < deepest else { return "***" }
  let shown =
    decoded.contains("://")
    ? redactedRest(decoded[...], depth: depth + 1) : redactedPairs(decoded[...], depth: depth + 1)
  // Decoded only if it hides something: the location should look as it was given.
  return shown == decoded ? plain : shown
}

/// Redacts one piece, which may or may not be `key=value`.
///
/// In `user=admin_password=x` the second key is checked too. `key:value` is the same, as in JSON;
/// and `name:password`, with an `@` behind it or not, is user info without an address.
private func redactedPair(_ piece: Substring) -> String {
  var key = piece.startIndex
  while let sign = piece[key...].firstIndex(where: { $0 == "=" || $0 == ":" }) {
    let value = piece.index(after: sign)
    if isSecret(key: piece[key..<sign]) { return piece[..<value] + "***" }
    if piece[sign] == ":", let at = piece[value...].lastIndex(of: "@") {
      return piece[..<key] + "***" + piece[at...]
    }
    if piece[sign] == ":", key == piece.startIndex, isUserInfo(piece[..<sign], piece[value...]) {
      return piece[..<value] + "***"
    }
    key = value
  }
  return String(piece)
}

/// Whether `name:text` may be a user's name and password, as opposed to a host and its port, a time
/// or the start of a URL.
private func isUserInfo(_ name: Substring, _ text: Substring) -> Bool {
  guard let first = name.first, first.isASCII, first.isLetter, !text.isEmpty else { return false }
  return name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    && !text.allSatisfy { $0.isASCII && $0.isNumber }
}
