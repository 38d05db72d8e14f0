/// A path pattern as in the shell: `*`, `?`, `[a-z]`, `[!a-z]` within a name, `**` for folders of
/// any depth.
///
/// A name that begins with a dot is matched only by a part that begins with a dot too.
struct GlobPattern: Sendable {
  /// The parts between slashes.
  let parts: [String]
  let isAbsolute: Bool

  init(_ pattern: String) {
    isAbsolute = pattern.hasPrefix("/")
    parts = pattern.split(separator: "/").map(String.init)
  }

  /// Whether a path contains a character that makes it a pattern.
  static func isPattern(_ path: String) -> Bool {
    path.contains { $0 == "*" || $0 == "?" || $0 == "[" }
  }

  /// Whether one part of a pattern matches a whole name.
  ///
  /// - Complexity: O(length of the name × length of the part).
  static func matches(_ part: String, _ name: String) -> Bool {
    if name.hasPrefix(".") && !part.hasPrefix(".") { return false }
    let part = Array(part)
    let name = Array(name)
    var place = 0
    var partPlace = 0
    // Where to continue if the last star has to match one character more.
    var star: (part: Int, name: Int)?
    while place < name.count {
      if partPlace < part.count, part[partPlace] == "*" {
        star = (partPlace + 1, place)
        partPlace += 1
      } else if let next = step(part, partPlace, name[place]) {
        partPlace = next
        place += 1
      } else if let retry = star {
        star = (retry.part, retry.name + 1)
        partPlace = retry.part
        place = retry.name + 1
      } else {
        return false
      }
    }
    return part[partPlace...].allSatisfy { $0 == "*" }
  }

  /// Matches one character and returns the place after what matched it.
  private static func step(_ part: [Character], _ place: Int, _ character: Character) -> Int? {
    guard place < part.count else { return nil }
    switch part[place] {
    case "?": return place + 1
    case "[":
      // The first character may itself be a closing bracket; a set without an end is a plain
      // bracket.
      let isNegated = place + 1 < part.count && "!^".contains(part[place + 1])
      let first = place + (isNegated ? 2 : 1)
      guard first < part.count,
        let end = part[(first + 1)...].firstIndex(of: "]")
      else { return character == "[" ? place + 1 : nil }
      return isInSet(part[first..<end], character) != isNegated ? end + 1 : nil
    default: return part[place] == character ? place + 1 : nil
    }
  }

  private static func isInSet(_ set: ArraySlice<Character>, _ character: Character) -> Bool {
    var place = set.startIndex
    while place < set.endIndex {
      if place + 2 < set.endIndex, set[place + 1] == "-" {
        if set[place] <= character && character <= set[place + 2] { return true }
        place += 3
      } else {
        if set[place] == character { return true }
        place += 1
      }
    }
    return false
  }
}
