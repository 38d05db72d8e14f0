/// Relative paths made of the names of sources.
package enum PlainPath {
  /// `source` as a path of plain components: none leads out of a folder, or has characters that a
  /// file system may refuse or a terminal obey.
  ///
  /// `rtsp://host/a` becomes `rtsp/host/a`; standard input becomes `stdin`.
  package static func of(_ source: String) -> String {
    let components = PathText.components(of: withoutScheme(source)).compactMap {
      component -> String? in
      switch component {
      case ".": nil
      case "..": "__"
      default: shortened(plain(component))
      }
    }
    return components.isEmpty ? "source" : bounded(components).joined(separator: "/")
  }

  /// Systems take 4096 bytes of a path at most, of which the output's folder needs some, too.
  private static let most = (components: 100, bytes: 2000)

  /// The first components as far as there is room, a checksum of those that follow, and the last.
  private static func bounded(_ components: [String]) -> [String] {
    var bytes = 0
    let kept = components.prefix(most.components).prefix { component in
      bytes += component.utf8.count + 1
      return bytes <= most.bytes
    }
    guard kept.count < components.count, let last = components.last else { return components }
    let first = kept.prefix(most.components - 2)
    let rest = components[first.count...].joined(separator: "/")
    return first + [String(Checksum.fnv1a(rest.utf8), radix: 16), last]
  }

  private static func plain(_ component: String) -> String {
    var result = ""
    for scalar in component.unicodeScalars {
      result.unicodeScalars.append(isPlain(scalar) ? scalar : "_")
    }
    return result
  }

  /// No control or formatting characters, and none that Windows and its file systems refuse.
  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    // The two joiners are part of how some scripts are written, and of emoji.
    case .format: "\u{200C}\u{200D}".unicodeScalars.contains(scalar)
    case .control, .lineSeparator, .paragraphSeparator: false
    default: !":?*\"<>|\\".unicodeScalars.contains(scalar)
    }
  }

  /// File systems allow 255 bytes per component; suffixes, numbers and the endings of temporary
  /// names need some of them.
  private static func shortened(_ component: String) -> String {
    guard component.utf8.count > 200 else { return component }
    // Keeps names apart that differ only at their end, in the same way in every run.
    return PathText.shortened(component, to: 180) + "-"
      + String(Checksum.fnv1a(component.utf8), radix: 16)
  }

  private static func withoutScheme(_ source: String) -> String {
    if source == "-" { return "stdin" }
    let bytes = source.utf8
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
      bytes[colon...].starts(with: "://".utf8)
    else { return source }
    return source[..<colon] + "/" + source[bytes.index(colon, offsetBy: 3)...]
  }
}
