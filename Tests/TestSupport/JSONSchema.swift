/// Checks values against a JSON Schema; supports the part of draft 2020-12 that our schema uses.
///
/// Stricter than the specification in one point: a key that `properties` does not name is a fault,
/// so no line can contain anything that the schema does not describe.
public struct JSONSchema {
  private let root: JSONValue

  /// Reads the schema.
  public init(_ text: String) throws { root = try JSONValue(parsing: text) }

  /// The faults of `value`; empty if it is valid.
  public func faults(in value: JSONValue) -> [String] { faults(value, root, "$") }

  private func faults(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    guard let rules = schema.object else { return ["\(path): the schema is not an object"] }
    return rules.flatMap { rule, argument in
      check(rule, argument, value, schema).map { message in "\(path): \(message)" }
        + nested(rule, argument, value, path)
    }
  }

  /// Rules about the value itself.
  private func check(
    _ rule: String, _ argument: JSONValue, _ value: JSONValue, _ schema: JSONValue
  ) -> [String] {
    switch rule {
    case "type":
      let types = argument.array?.compactMap(\.string) ?? [argument.string ?? ""]
      return types.contains { has($0, value) } ? [] : ["is not of type \(types)"]
    case "const": return value == argument ? [] : ["is not \(argument)"]
    case "enum": return argument.array?.contains(value) == true ? [] : ["is not one of \(argument)"]
    case "required":
      let missing = argument.array?.compactMap(\.string).filter { value[$0] == nil } ?? []
      return missing.map { "has no \($0)" }
    case "minimum": return bound(value, argument) { $0 >= $1 } ? [] : ["is below \(argument)"]
    case "maximum": return bound(value, argument) { $0 <= $1 } ? [] : ["is above \(argument)"]
    case "exclusiveMinimum":
      return bound(value, argument) { $0 > $1 } ? [] : ["is not above \(argument)"]
    case "minItems": return count(value.array, argument) { $0 >= $1 } ? [] : ["has too few items"]
    case "maxItems": return count(value.array, argument) { $0 <= $1 } ? [] : ["has too many items"]
    case "minLength": return value.string.map { !$0.isEmpty } ?? true ? [] : ["is empty"]
    case "pattern":
      return matches(value.string, argument.string) ? [] : ["does not match \(argument)"]
    case "properties", "additionalProperties", "items", "oneOf", "$ref", "$defs", "$schema",
      "title", "description":
      return []
    default: return ["the schema has the rule '\(rule)', which is not supported here"]
    }
  }

  /// Rules about parts of a value, or with another schema.
  private func nested(
    _ rule: String, _ argument: JSONValue, _ value: JSONValue, _ path: String
  ) -> [String] {
    switch rule {
    case "properties":
      return (value.object ?? [:]).flatMap { key, member in
        argument[key].map { faults(member, $0, "\(path).\(key)") }
          ?? ["\(path): has an unknown key \(key)"]
      }
    case "additionalProperties":
      // Ours stand alone: every key is an additional one.
      return (value.object ?? [:]).flatMap { key, member in
        faults(member, argument, "\(path).\(key)")
      }
    case "items":
      return (value.array ?? []).enumerated().flatMap { index, item in
        faults(item, argument, "\(path)[\(index)]")
      }
    case "$ref":
      guard let name = argument.string?.split(separator: "/").last,
        let schema = root["$defs"]?[String(name)]
      else { return ["\(path): \(argument) does not exist"] }
      return faults(value, schema, path)
    case "oneOf":
      let attempts = (argument.array ?? []).map { faults(value, $0, path) }
      if attempts.filter(\.isEmpty).count == 1 { return [] }
      return [
        "\(path): does not match exactly one of: \(attempts.min { $0.count < $1.count } ?? [])"
      ]
    default: return []
    }
  }

  private func has(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string),
      ("array", .array), ("object", .object):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  private func bound(_ value: JSONValue, _ limit: JSONValue, _ holds: (Double, Double) -> Bool)
    -> Bool
  {
    guard let value = value.number, let limit = limit.number else { return true }
    return holds(value, limit)
  }

  private func count(_ items: [JSONValue]?, _ limit: JSONValue, _ holds: (Int, Int) -> Bool) -> Bool
  {
    guard let items, let limit = limit.integer else { return true }
    return holds(items.count, limit)
  }

  private func matches(_ text: String?, _ pattern: String?) -> Bool {
    guard let text, let pattern else { return true }
    guard let regex = try? Regex(pattern) else { return false }
    return text.firstMatch(of: regex) != nil
  }
}
