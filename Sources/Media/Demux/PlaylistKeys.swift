import Foundation
import Support

/// What an HLS playlist (RFC 8216) says about keys that FFmpeg can't get.
///
/// FFmpeg goes on without the key, and decoders make garbage of what they are given.
enum PlaylistKeys {
  /// Playlists are short; what follows this many bytes is ignored.
  static let limit = 4 << 20
  /// How many of the playlists that one names are read.
  private static let mostPlaylists = 16

  /// The method by which segments are encrypted, with the system that has the key; `nil` if there
  /// are none, or FFmpeg can get it.
  ///
  /// Of a playlist of playlists only the keys that it announces for them are known, unless
  /// `read` gives those that it names.
  static func scheme(in text: String, read: (String) -> String?) -> String? {
    var current: String?
    var announced: [String?] = []
    var isMaster = false
    var playlists = 0
    for line in text.split(whereSeparator: \.isNewline) {
      if let tag = attributes(of: line, "#EXT-X-KEY:") {
        current = scheme(of: tag)
      } else if let tag = attributes(of: line, "#EXT-X-SESSION-KEY:") {
        announced.append(scheme(of: tag))
      } else if line.hasPrefix("#EXT-X-STREAM-INF") {
        isMaster = true
      } else if !line.hasPrefix("#"), !line.allSatisfy(\.isWhitespace) {
        if !isMaster, let current { return current }
        playlists += 1
        if isMaster, playlists <= mostPlaylists, let inner = read(String(line)),
          let found = scheme(in: inner, read: { _ in nil })
        {
          return found
        }
      }
    }
    return announced.contains(nil) ? nil : announced.first ?? nil
  }

  /// The scheme of one key; `nil` if FFmpeg can use it.
  private static func scheme(of key: [String: String]) -> String? {
    let method = key["METHOD"] ?? "NONE"
    let system = key["KEYFORMAT"] ?? "identity"
    if method == "NONE" { return nil }
    if ["AES-128", "SAMPLE-AES"].contains(method), system == "identity" { return nil }
    return system == "identity" ? method : "\(method), \(system)"
  }

  /// `NAME=value,NAME="a, b"` behind a tag; `nil` for another line.
  private static func attributes(of line: Substring, _ tag: String) -> [String: String]? {
    guard line.hasPrefix(tag) else { return nil }
    var attributes: [String: String] = [:]
    var rest = line.dropFirst(tag.count)
    while let equals = rest.firstIndex(of: "=") {
      let name = rest[..<equals].filter { !$0.isWhitespace }
      rest = rest[equals...].dropFirst()
      let isQuoted = rest.first == "\""
      if isQuoted { rest = rest.dropFirst() }
      let end = rest.firstIndex(of: isQuoted ? "\"" : ",") ?? rest.endIndex
      attributes[name] = String(rest[..<end])
      rest = rest[end...].drop { $0 == "\"" }.drop { $0 == "," }
    }
    return attributes
  }
}
