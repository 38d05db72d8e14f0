/// Hands out relative paths, of which no two are the same and none is inside a file.
///
/// Paths count as the same if they differ only in case or in how letters are composed: some file
/// systems don't tell such names apart. A path that is taken gets a number: `a.jpg`, `a-2.jpg`.
package struct OutputNames {
  private var files: Set<String> = []
  private var folders: Set<String> = []
  /// Everything above the files and folders that were handed out.
  private var parents: Set<String> = []
  /// Folders with files that might be taken for the numbered pictures of a source.
  private var numbered: Set<String> = []
  /// Where the search for a free number goes on.
  private var next: [String: Int] = [:]

  /// Creates a set of names of which none is taken.
  package init() {}

  /// A path for a file.
  package mutating func file(_ wanted: String) -> String {
    let path = free(outsideFiles(wanted), numbering: Self.numberedFile) { names, path in
      let isNumbered = isNumberedPicture(path)
      return !names.files.contains(path) && !names.folders.contains(path)
        && !names.parents.contains(path)
        && !(isNumbered && names.folders.contains(PathText.parent(of: path)))
    }
    let key = Self.key(path)
    files.insert(key)
    addParents(of: key)
    if isNumberedPicture(key) { numbered.insert(PathText.parent(of: key)) }
    return path
  }

  /// A path for a folder with numbered pictures; other files and folders may be in it, too.
  package mutating func folder(_ wanted: String) -> String {
    let path = free(outsideFiles(wanted), numbering: { "\($0)-\($1)" }) { names, path in
      !names.files.contains(path) && !names.folders.contains(path)
        && !names.numbered.contains(path)
    }
    let key = Self.key(path)
    folders.insert(key)
    addParents(of: key)
    return path
  }

  /// `wanted`, or with a number that makes it free.
  private mutating func free(
    _ wanted: String, numbering: (String, Int) -> String, isFree: (OutputNames, String) -> Bool
  ) -> String {
    if isFree(self, Self.key(wanted)) { return wanted }
    let base = Self.key(wanted)
    var number = next[base] ?? 2
    while !isFree(self, Self.key(numbering(wanted, number))) { number += 1 }
    next[base] = number + 1
    return numbering(wanted, number)
  }

  /// `path` with a number after each component that is a file: `a.jpg/b` as `a.jpg-2/b`.
  private func outsideFiles(_ path: String) -> String {
    var result = ""
    let components = PathText.components(of: path)
    for (place, component) in components.enumerated() {
      let wanted = PathText.join(result, component)
      result = wanted
      var number = 2
      while place < components.count - 1, files.contains(Self.key(result)) {
        result = "\(wanted)-\(number)"
        number += 1
      }
    }
    return result
  }

  private mutating func addParents(of key: String) {
    var parent = PathText.parent(of: key)
    while !parent.isEmpty, parents.insert(parent).inserted { parent = PathText.parent(of: parent) }
  }

  /// `a/b.webm.mp4` with the number 2 as `a/b.webm-2.mp4`.
  ///
  /// A name that might be that of a numbered picture is one no longer: `000000.jpg` becomes
  /// `000000_2.jpg`.
  private static func numberedFile(_ path: String, _ number: Int) -> String {
    let name = PathText.name(of: path)
    if isNumberedPicture(path) {
      let rest = Substring(name.utf8.drop(while: isDigit))
      return "\(Substring(path.utf8.dropLast(rest.utf8.count)))_\(number)\(rest)"
    }
    guard let dot = path.utf8.lastIndex(of: UInt8(ascii: ".")),
      path.utf8.distance(from: dot, to: path.endIndex) < name.utf8.count
    else { return "\(path)-\(number)" }
    return "\(path[..<dot])-\(number)\(path[dot...])"
  }

  /// Upper case first: "ß" and "SS" are one name to a file system that folds case.
  private static func key(_ path: String) -> String { path.uppercased().lowercased() }
}

/// Whether a path may be that of a source's picture: its name starts with a frame's number, which a
/// dot follows for a frame and a dash for a part of one.
package func isNumberedPicture(_ path: String) -> Bool {
  let name = PathText.name(of: path).utf8
  let rest = name.drop(while: isDigit)
  return name.count - rest.count >= 6
    && (rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: "-"))
}

private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
