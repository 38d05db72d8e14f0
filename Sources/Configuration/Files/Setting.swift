internal import Support
internal import Yams

/// A value of a settings file, with its place.
struct Setting {
  let node: Node
  /// The file.
  let path: String
  /// Its keys from the root on, such as `zones.door.points`.
  let name: String
  /// The place of its own key, if it has one.
  var key: Mark?

  /// An error at the value.
  func fault(_ message: String, remedy: String) -> ConfigurationError {
    error(node.mark, message, remedy)
  }

  /// An error at the value's key.
  func keyFault(_ message: String, remedy: String) -> ConfigurationError {
    error(key ?? node.mark, message, remedy)
  }

  private func error(_ mark: Mark?, _ message: String, _ remedy: String) -> ConfigurationError {
    ConfigurationError(mark.map { "\(path):\($0)" } ?? path, message, remedy: remedy)
  }

  /// What errors call it.
  var subject: String { name.isEmpty ? "The file" : "'\(name)'" }

  /// The members of a mapping, in order.
  func members() throws(ConfigurationError) -> [(key: String, value: Setting)] {
    guard case .mapping(let mapping) = node else {
      throw fault(
        "\(subject) isn't a mapping.", remedy: "Write its keys below it, each with a colon.")
    }
    var members: [(key: String, value: Setting)] = []
    for (key, value) in mapping {
      guard let text = key.scalar?.string else {
        throw error(key.mark, "A key isn't a text.", "Write 'key: value'.")
      }
      let inner = UnsafeText.escaped(text)
      members.append(
        (
          text,
          Setting(
            node: value, path: path, name: name.isEmpty ? inner : "\(name).\(inner)",
            key: key.mark)
        ))
    }
    return members
  }

  /// The members of a mapping that has no others than the `known` ones.
  func members(known: [String]) throws(ConfigurationError) -> [String: Setting] {
    var found: [String: Setting] = [:]
    for (key, value) in try members() {
      guard known.contains(key) else {
        let near = nearestNames(to: key, among: known, count: 1)
        throw value.keyFault(
          "\(subject) has no key '\(UnsafeText.escaped(String(key.prefix(100))))'.",
          remedy: near.first.map { "Nearest: \($0)." }
            ?? "Its keys are \(known.joined(separator: ", ")).")
      }
      found[key] = value
    }
    return found
  }

  /// A text or a number, as it is written.
  func text() throws(ConfigurationError) -> String {
    guard let text = node.scalar?.string else {
      throw fault("\(subject) isn't a single value.", remedy: "Write it behind the colon.")
    }
    return text
  }

  /// The values of a list.
  func list() throws(ConfigurationError) -> [Setting] {
    guard case .sequence(let nodes) = node else {
      throw fault("\(subject) isn't a list.", remedy: "Write [a, b].")
    }
    return nodes.map { Setting(node: $0, path: path, name: name, key: key) }
  }

  /// Whether it is a list.
  var isList: Bool { if case .sequence = node { true } else { false } }

  /// One of the values of a type, by its name.
  func choice<Value: CaseIterable & RawRepresentable<String>>(
    _ type: Value.Type
  ) throws(ConfigurationError) -> Value {
    let text = try text()
    if let value = Value(rawValue: text) { return value }
    let names = type.allCases.map(\.rawValue).joined(separator: ", ")
    throw fault(
      "\(subject) is '\(UnsafeText.escaped(String(text.prefix(100))))'.",
      remedy: "It may be \(names).")
  }
}
