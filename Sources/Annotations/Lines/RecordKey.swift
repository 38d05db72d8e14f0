internal import Support

/// The keys of a JSON object, in the order in which they are written.
///
/// Writing, reading and the JSON Schema all take them from here.
package protocol RecordKey: CodingKey, CaseIterable, RawRepresentable where RawValue == String {
  /// The JSON Schema of the key's value; lines after the first are indented relative to the key.
  var schema: String { get }
  /// Whether the key may be absent from what `stream-detect` writes.
  var isOptional: Bool { get }
}

extension RecordKey {
  package var isOptional: Bool { false }

  /// The JSON Schema of an object with these keys.
  static func objectSchema(_ description: String? = nil) -> String {
    var members: [String] = []
    if let description { members.append(#""description": "\#(description)""#) }
    members.append(#""type": "object""#)
    let required = allCases.filter { !$0.isOptional }.map { "\"\($0.rawValue)\"" }
    if !required.isEmpty { members.append("\"required\": " + wrapped(required)) }
    let properties = allCases.map { "\"\($0.rawValue)\": \($0.schema)" }
    members.append("\"properties\": " + braced(properties))
    return braced(members)
  }

  /// `[…]` on one line if that is short enough, else on several.
  private static func wrapped(_ names: [String]) -> String {
    let whole = names.joined(separator: ", ")
    guard whole.count > 80 else { return "[\(whole)]" }
    var lines = [names[0]]
    for name in names.dropFirst() {
      if lines[lines.count - 1].count + name.count > 84 {
        lines.append(name)
      } else {
        lines[lines.count - 1] += ", " + name
      }
    }
    return "[\n  " + lines.joined(separator: ",\n  ") + "\n]"
  }
}

/// A JSON object, one member per line.
func braced(_ members: [String]) -> String {
  "{\n" + members.map { indented($0) }.joined(separator: ",\n") + "\n}"
}

private func indented(_ text: String) -> String {
  text.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
}

/// Schemas that several keys share.
enum Schema {
  static let string = #"{"type": "string"}"#
  static let time = reference("time")
  static let count = reference("count")
  static let positive = #"{"type": "integer", "minimum": 1}"#

  static func reference(_ name: String) -> String { ##"{"$ref": "#/$defs/\##(name)"}"## }

  /// The `type` of a line.
  static func kind(_ kind: Record.Kind) -> String { #"{"const": "\#(kind.rawValue)"}"# }

  /// One of the values of `type`.
  static func values<Value: CaseIterable & RawRepresentable<String>>(of type: Value.Type) -> String
  { #"{"enum": \#(list(of: type))}"# }

  /// The values of `type`, as an array.
  static func list<Value: CaseIterable & RawRepresentable<String>>(of type: Value.Type) -> String {
    "[" + type.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ") + "]"
  }

  static func described(_ description: String, _ rest: String) -> String {
    #"{"description": "\#(description)", \#(rest)}"#
  }
}

extension JSONWriter {
  mutating func key(_ key: some RecordKey) { self.key(key.rawValue) }

  mutating func field(_ key: some RecordKey, _ value: String) { field(key.rawValue, value) }

  mutating func field(_ key: some RecordKey, _ value: String?) { field(key.rawValue, value) }

  mutating func field(_ key: some RecordKey, _ value: Int) { field(key.rawValue, value) }

  mutating func field(_ key: some RecordKey, _ value: Int?) { field(key.rawValue, value) }

  mutating func field(_ key: some RecordKey, _ value: Bool) { field(key.rawValue, value) }

  mutating func field(_ key: some RecordKey, _ values: [Int]) { field(key.rawValue, values) }

  mutating func field(_ key: some RecordKey, _ values: [String]) { field(key.rawValue, values) }

  mutating func field(_ key: some RecordKey, _ value: Double?, decimals: Int) {
    field(key.rawValue, value, decimals: decimals)
  }
}
