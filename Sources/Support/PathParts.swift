/// The parts of a path, found by its bytes.
///
/// Foundation's `deletingLastPathComponent` traps on relative paths of a single character, and a
/// `Character` may be a slash with a combining mark, which is no slash to the system.
package enum PathParts {
  private static let slash = UInt8(ascii: "/")

  /// The path of the folder above what `path` leads to.
  ///
  /// It is `.` above a name alone, `..` above `.`, and `/` above `/`. An empty path stands for the
  /// working folder.
  package static func parent(of path: String) -> String {
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
}
