/// The `https` address of a file.
///
/// Anything else is refused: without encryption anyone on the way could replace the bytes.
package struct WebAddress: Hashable, Sendable {
  /// The host in lower case, as a certificate names it; without the brackets of an IPv6 address.
  package let host: String
  package let port: Int
  /// Path and query, as a request has them.
  let target: String

  /// Reads an address.
  ///
  /// - Throws: `DownloadError` with `invalid_address` for anything but an `https` address.
  package init(_ text: String) throws(DownloadError) {
    guard let split = Self.split(text) else {
      throw Self.invalid(text, "This is not an address.", "Write https://HOST/PATH.")
    }
    guard split.scheme.lowercased() == "https" else {
      throw Self.invalid(
        text, "Only https addresses are downloaded.", "Write https:// if the server has it.")
    }
    try self.init(authority: split.authority, target: split.target, in: text)
  }

  private init(authority: Substring, target: Substring, in text: String) throws(DownloadError) {
    guard !authority.contains("@") else {
      throw Self.invalid(
        text, "User names and passwords in addresses are not used.",
        "Give an address that needs none.")
    }
    guard let place = HostAndPort(authority, defaultPort: 443) else {
      throw Self.invalid(
        text, "It has no valid host and port.", "Write https://HOST[:PORT]/PATH, in ASCII.")
    }
    (host, port) = (place.host, place.port)
    guard let target = Self.encoded(target) else {
      throw Self.invalid(
        text, "It has spaces or control characters.", "Write %20 for a space.")
    }
    self.target = target
  }

  /// The address that a redirect from here leads to.
  ///
  /// - Throws: `DownloadError` with `redirected` if that is not an `https` address.
  func redirected(to location: String) throws(DownloadError) -> WebAddress {
    do {
      let text = location[...]
      if Self.split(location) != nil { return try WebAddress(location) }
      if text.hasPrefix("//") { return try WebAddress("https:" + location) }
      let path = target.prefix { $0 != "?" }
      let whole =
        text.hasPrefix("/")
        ? text
        : text.hasPrefix("?")
          ? path + text
          : path[...(path.lastIndex(of: "/") ?? path.startIndex)] + text
      return try WebAddress("https://" + authority + whole)
    } catch {
      throw DownloadError(
        .redirected, self.text,
        "The server leads to \(Self.withoutQuery(location)), which is not an https address.",
        remedy: "Check the address; encryption is never given up.")
    }
  }

  /// Host and port, as in an address.
  package var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == 443 ? name : "\(name):\(port)"
  }

  /// The address without its query, which may be secret.
  package var text: String { Self.withoutQuery("https://" + authority + target) }

  /// The whole address, for telling two apart.
  var identity: String { "https://" + authority + target }

  /// The last part of the path; `nil` if it ends with a slash.
  package var fileName: String? {
    target.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).last
      .flatMap { $0.isEmpty ? nil : String($0) }
  }

  // MARK: Parts

  /// Scheme, authority, and path with query; `nil` if the text doesn't begin with a scheme.
  private static func split(
    _ text: String
  ) -> (scheme: Substring, authority: Substring, target: Substring)? {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
    let scheme = text[..<colon]
    guard !scheme.isEmpty, scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      return nil
    }
    let rest = text[text.index(colon, offsetBy: 3)...].prefix { $0 != "#" }
    let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    return (scheme, rest[..<end], rest[end...])
  }

  /// A path for a request: with a slash at its start, and only printable ASCII in it; `nil` if it
  /// has control characters or spaces, which would end the line of the request.
  private static func encoded(_ target: Substring) -> String? {
    var bytes: [UInt8] = target.hasPrefix("/") ? [] : [UInt8(ascii: "/")]
    for byte in target.utf8 {
      if byte <= 0x20 || byte == 0x7F { return nil }
      if byte < 0x80 {
        bytes.append(byte)
      } else {
        bytes += Array("%\(String(byte, radix: 16, uppercase: true))".utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func withoutQuery(_ text: String) -> String {
    String(text.prefix { $0 != "?" && $0 != "#" })
  }

  private static func invalid(
    _ text: String, _ message: String, _ remedy: String
  ) -> DownloadError {
    DownloadError(.invalidAddress, withoutUser(withoutQuery(text)), message, remedy: remedy)
  }

  /// The text without what may be a password.
  private static func withoutUser(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@"), let start = text.range(ofSlashes: at) else {
      return text
    }
    return String(text[..<start] + text[text.index(after: at)...])
  }
}

extension String {
  /// The place behind `://`, if that is before `limit`.
  fileprivate func range(ofSlashes limit: Index) -> Index? {
    guard let colon = firstIndex(of: ":"), self[colon...].hasPrefix("://") else { return nil }
    let start = index(colon, offsetBy: 3)
    return start <= limit ? start : nil
  }
}

/// `host:port`, `host`, `[::1]:port`.
struct HostAndPort: Hashable, Sendable {
  var host: String
  var port: Int

  /// Reads the text; `nil` if it has no valid host and port.
  init?(_ text: Substring, defaultPort: Int?) {
    let name: Substring
    let rest: Substring
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      name = text[text.index(after: text.startIndex)..<end]
      rest = text[text.index(after: end)...]
      guard !name.isEmpty, name.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
        return nil
      }
    } else {
      let end = text.firstIndex(of: ":") ?? text.endIndex
      name = text[..<end]
      rest = text[end...]
      guard !name.isEmpty, name.utf8.count <= 253,
        name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) })
      else { return nil }
    }
    host = name.lowercased()
    guard !rest.isEmpty else {
      guard let defaultPort else { return nil }
      port = defaultPort
      return
    }
    guard rest.hasPrefix(":"), let number = Int(rest.dropFirst()), (1...65535).contains(number),
      rest.dropFirst().allSatisfy(\.isNumber)
    else { return nil }
    port = number
  }
}
