/// A proxy that passes encrypted connections on, as `https_proxy` names it.
package struct Proxy: Hashable, Sendable {
  /// `http://[user:password@]host:port`.
  package let address: String
  package let host: String
  package let port: Int

  /// The proxy for a host according to the environment; `nil` for a direct connection.
  ///
  /// `https_proxy` counts, else `all_proxy`; `no_proxy` lists hosts, and domains with all hosts in
  /// them, that are reached directly, `*` all. Names in lower case win over those in upper case.
  ///
  /// - Throws: `DownloadError` with `invalid_address` for a proxy of another kind than HTTP.
  package static func `for`(
    _ address: WebAddress, in environment: [String: String]
  ) throws(DownloadError) -> Proxy? {
    func value(_ name: String) -> String? {
      [name, name.uppercased()].compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    guard let text = value("https_proxy") ?? value("all_proxy"),
      !isExcluded(address, by: value("no_proxy") ?? "")
    else { return nil }
    return try Proxy(text)
  }

  private init(_ text: String) throws(DownloadError) {
    let scheme = text.range(of: "://").map { text[..<$0].lowercased() } ?? "http"
    var rest = text[
      (text.range(of: "://").map { text.index($0, offsetBy: 3) } ?? text.startIndex)...]
    rest = rest.prefix { $0 != "/" }
    let at = rest.lastIndex(of: "@")
    let place = at.map { rest[rest.index(after: $0)...] } ?? rest
    guard scheme == "http", let place = HostAndPort(place, defaultPort: 80) else {
      throw DownloadError(
        .invalidAddress, "https_proxy", "Only proxies of the kind http://HOST:PORT are used.",
        remedy: "Change https_proxy, or set no_proxy for the host.")
    }
    (host, port) = (place.host, place.port)
    let name = host.contains(":") ? "[\(host)]" : host
    address = "http://" + (at.map { rest[...$0] } ?? "") + "\(name):\(port)"
  }

  /// Whether `no_proxy` names the host or a domain that it is in.
  private static func isExcluded(_ address: WebAddress, by list: String) -> Bool {
    list.split { $0 == "," || $0.isWhitespace }.contains { entry in
      if entry == "*" { return true }
      let name = entry.drop { $0 == "." || $0 == "*" }
      // A number behind the last colon is a port, unless there are more colons, as in IPv6.
      let place = HostAndPort(name, defaultPort: address.port)
      let host = place?.host ?? name.lowercased()
      guard place.map({ $0.port == address.port }) ?? true else { return false }
      return address.host == host || address.host.hasSuffix("." + host)
    }
  }
}

extension String {
  /// Where `text` begins.
  fileprivate func range(of text: String) -> Index? {
    indices.first { self[$0...].hasPrefix(text) }
  }
}
