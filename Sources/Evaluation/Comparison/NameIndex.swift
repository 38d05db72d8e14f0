/// Finds which of many names, or ends of paths, a name has.
///
/// The names are a tree of their parts from the last one on, so a lookup takes time in proportion
/// to the name's length. Writing out each of a path's ends would take its square.
struct NameIndex {
  /// Whether a name that was added also matches paths that end with it.
  let isByEnd: Bool
  /// How many different names were added.
  private(set) var count = 0

  private struct Branch: Hashable {
    var parent: Int
    /// A `String`, because some systems compose accents and others don't.
    var part: String
  }

  /// The number of each branch's end; 0 is the root.
  private var places: [Branch: Int] = [:]
  /// The number of the name that ends at a place.
  private var names: [Int: Int] = [:]

  init(isByEnd: Bool) { self.isByEnd = isByEnd }

  /// Adds a name and returns its number; equal names have the same.
  mutating func add(_ name: ArraySlice<UInt8>) -> Int {
    var place = 0
    for part in parts(name, keepsEmpty: true) {
      let branch = Branch(parent: place, part: part)
      place = places[branch] ?? places.count + 1
      places[branch] = place
    }
    if let number = names[place] { return number }
    defer { count += 1 }
    names[place] = count
    return count
  }

  /// The numbers of the names that match `name`.
  func matches(of name: ArraySlice<UInt8>) -> [Int] {
    var found: [Int] = []
    var place = 0
    for part in parts(name, keepsEmpty: false) {
      guard let next = places[Branch(parent: place, part: part)] else { break }
      place = next
      if let number = names[place] { found.append(number) }
    }
    return found
  }

  private func parts(_ name: ArraySlice<UInt8>, keepsEmpty: Bool) -> [String] {
    guard isByEnd else { return [String(decoding: name, as: UTF8.self)] }
    return name.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: !keepsEmpty)
      .reversed().map { String(decoding: $0, as: UTF8.self) }
  }
}
