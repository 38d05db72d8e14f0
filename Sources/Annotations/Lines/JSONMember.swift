internal import Foundation

/// A member of a JSON object as it was written, to be passed on unchanged.
public struct JSONMember: Hashable, Sendable {
  /// Its key.
  public let name: String
  /// Its value as JSON text, in one line.
  public let json: [UInt8]

  /// The members of an object.
  ///
  /// `text` is valid JSON without line ends; of anything but an object it has none.
  static func members(of text: ArraySlice<UInt8>) -> [(name: String, json: ArraySlice<UInt8>)] {
    var scanner = JSONScanner(text)
    var members: [(name: String, json: ArraySlice<UInt8>)] = []
    guard scanner.take("{") else { return [] }
    while let key = scanner.value(), scanner.take(":"), let value = scanner.value() {
      members.append((Self.name(key), value))
      guard scanner.take(",") else { break }
    }
    return members
  }

  /// The elements of an array; of anything else there are none.
  static func elements(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var scanner = JSONScanner(text)
    var elements: [ArraySlice<UInt8>] = []
    guard scanner.take("[") else { return [] }
    while let value = scanner.value() {
      elements.append(value)
      guard scanner.take(",") else { break }
    }
    return elements
  }

  /// The members whose keys aren't known.
  static func others(
    in text: ArraySlice<UInt8>, isKnown: (String) -> Bool
  ) -> [JSONMember] {
    members(of: text).filter { !isKnown($0.name) }
      .map { JSONMember(name: $0.name, json: Array($0.json)) }
  }

  private static func name(_ key: ArraySlice<UInt8>) -> String {
    guard !key.contains(UInt8(ascii: "\\")) else {
      // Rare enough for the whole decoder.
      let list = [UInt8(ascii: "[")] + key + [UInt8(ascii: "]")]
      return (try? JSONDecoder().decode([String].self, from: Data(list)))?.first ?? ""
    }
    return String(decoding: key.dropFirst().dropLast(), as: UTF8.self)
  }
}

/// Splits valid JSON into values without reading them.
private struct JSONScanner {
  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  /// Takes a character, after white space; returns whether it was there.
  mutating func take(_ character: Unicode.Scalar) -> Bool {
    rest = rest.drop { $0 <= 0x20 }
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  /// Takes a value, after white space; `nil` where none begins.
  mutating func value() -> ArraySlice<UInt8>? {
    rest = rest.drop { $0 <= 0x20 }
    let start = rest.startIndex
    var depth = 0
    var isText = false
    var isEscaped = false
    var end = start
    scan: while end < rest.endIndex {
      let byte = rest[end]
      if isText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isText = false
        }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
          if depth == 0 { break scan }
          depth -= 1
        case UInt8(ascii: ","), UInt8(ascii: ":"):
          if depth == 0 { break scan }
        case 0...0x20:
          if depth == 0 { break scan }
        default: break
        }
      }
      end += 1
    }
    guard end > start else { return nil }
    defer { rest = rest[end...] }
    return rest[start..<end]
  }
}
