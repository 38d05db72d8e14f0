/// The protocols that FFmpeg sees in an address, outermost first, and what follows them.
///
/// As in FFmpeg: letters, digits and `+-.` before the first colon, where `+` joins protocols.
func protocols(of address: String) -> (names: [String], rest: Substring) {
  let scheme = address.utf8.prefix {
    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
      || "+-.".utf8.contains($0)
  }
  let after = scheme.endIndex
  guard !scheme.isEmpty, after < address.endIndex,
    [UInt8(ascii: ":"), UInt8(ascii: ",")].contains(
      address.utf8[after])
  else { return ([], address[...]) }
  // `subfile,,start,…:` and the like have options between the name and the colon.
  guard address.utf8[after] == UInt8(ascii: ":") || address.utf8[after...].contains(0x3A) else {
    return ([], address[...])
  }
  let names = address[..<after].lowercased().split(separator: "+").map(String.init)
  return (names, address[after...].dropFirst())
}

/// Whether an address is that of a web server.
func isWebAddress(_ address: String) -> Bool {
  ["http", "https"].contains { protocols(of: address).names == [$0] }
}
