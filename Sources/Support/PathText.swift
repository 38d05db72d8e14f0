/// Paths as bytes.
///
/// In Swift a slash with a combining mark after it is one `Character`, and another one than the
/// slash. To the system it is a slash, so paths must not be split as text.
package enum PathText {
  private static let slash = UInt8(ascii: "/")

  /// Everything before the last slash; empty if there is none.
  package static func parent(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let place = trimmed.utf8.lastIndex(of: slash) else { return "" }
    return place == trimmed.startIndex ? "/" : withoutTrailingSlashes(String(trimmed[..<place]))
  }

  /// Everything after the last slash.
  package static func name(of path: String) -> String {
    guard let place = path.utf8.lastIndex(of: slash) else { return path }
    return String(path[path.utf8.index(after: place)...])
  }

  /// The names between the slashes, empty ones left out.
  package static func components(of path: String) -> [String] {
    path.utf8.split(separator: slash).map { String(Substring($0)) }
  }

  /// `folder` and `name` with one slash between them; `name` alone if `folder` is empty.
  package static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty || endsWithSlash(folder) ? folder + name : folder + "/" + name
  }

  /// Whether only a folder can have this path.
  package static func endsWithSlash(_ path: String) -> Bool { path.utf8.last == slash }

  /// Whether `path` is `folder` or in it; both are absolute and without links.
  package static func isPath(_ path: String, within folder: String) -> Bool {
    let start = endsWithSlash(folder) ? folder.dropLast() : folder[...]
    guard path.utf8.starts(with: start.utf8) else { return false }
    let rest = path.utf8.dropFirst(start.utf8.count)
    return rest.isEmpty || rest.first == slash
  }

  /// `name` with at most `most` bytes, cut between characters.
  package static func shortened(_ name: String, to most: Int) -> String {
    var kept = Substring(name)
    while kept.utf8.count > most { kept.unicodeScalars.removeLast() }
    return String(kept)
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var end = path.endIndex
    while end > path.startIndex {
      let before = path.utf8.index(before: end)
      guard before > path.startIndex, path.utf8[before] == slash else { break }
      end = before
    }
    return String(path[..<end])
  }
}
