/// The classes of an export, numbered from 1 in the order of the model, or else in which they come.
struct ClassTable {
  /// The names by number, from number 1.
  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]

  /// Adds names that aren't there yet.
  mutating func add(_ more: [String]) {
    for name in more { _ = number(of: name) }
  }

  /// The number of a class, which is added if it is new.
  mutating func number(of name: String) -> Int {
    if let known = numbers[name] { return known }
    names.append(name)
    numbers[name] = names.count
    return names.count
  }
}
