/// Paths as bytes.
///
/// In Swift a slash with a combining mark after it is one `Character`, and another one than the
/// slash. To the system it is a slash, so paths must not be split as text. And Foundation's
/// `deletingLastPathComponent` traps on relative paths of a single character.
package enum PathText {
  private static let slash = UInt8(ascii: "/")

  /// Everything before the last slash; empty if there is none.
  package static func parent(of path: String) -> String {
    let trimmed = withoutTrailingSlashes(path)
    guard let place = trimmed.utf8.lastIndex(of: slash) else { return "" }
    return place == trimmed.startIndex ? "/" : withoutTrailingSlashes(String(trimmed[..<place]))
  }

  /// The path of the folder above what `path` leads to.
  ///
  /// Other than ``parent(of:)`` it is a path of its own also where only the last name is known: it
  /// is `.` above a name alone, `..` above `.`, and `/` above `/`. An empty path stands for the
  /// working folder.
  package static func folder(above path: String) -> String {
    let bytes = Array(path.utf8)
    guard let end = bytes.lastIndex(where: { $0 != slash }) else {
      return bytes.isEmpty ? ".." : "/"
    }
    let kept = bytes[...end]
    let start = kept.lastIndex(of: slash).map { $0 + 1 } ?? 0
    let name = kept[start...]
    // The parent of "a/.." isn't "a".
    if name.elementsEqual(".".utf8) { return start == 0 ? ".." : text(kept[..<start]) + ".." }
    if name.elementsEqual("..".utf8) { return text(kept) + "/.." }
    guard let above = kept[..<start].lastIndex(where: { $0 != slash }) else {
      return start == 0 ? "." : "/"
    }
    return text(kept[...above])
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
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

  /// The suffix of a file's name in lower case, without the dot; empty if it has none.
  package static func suffix(of path: String) -> String {
    let start = path.utf8.lastIndex(of: slash).map { path.utf8.index(after: $0) }
    let name = path.utf8[(start ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
    return String(path[path.utf8.index(after: dot)...]).lowercased()
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
