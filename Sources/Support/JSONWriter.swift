/// Writes JSON (RFC 8259) into a buffer that can be reused from one value to the next.
///
/// Keys keep the order in which they are written, numbers are rounded to a given number of places,
/// and only what must be escaped is, so the same values give the same bytes on every machine.
package struct JSONWriter {
  /// What has been written since the last `removeAll()`, as UTF-8.
  package private(set) var bytes: [UInt8] = []
  /// Whether the next value in the current object or array needs a comma before it.
  private var needsComma = false

  /// Creates an empty writer.
  package init() {}

  /// Empties the buffer, but keeps its memory.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    needsComma = false
  }

  /// Empties the buffer in the middle of a value, whose rest follows.
  package mutating func removeBytes() { bytes.removeAll(keepingCapacity: true) }

  /// Ends a line of a JSON lines file.
  package mutating func endLine() {
    bytes.append(UInt8(ascii: "\n"))
    needsComma = false
  }

  // MARK: - Structure

  /// Opens an object.
  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  /// Closes the innermost object.
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  /// Opens an array.
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  /// Closes the innermost array.
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// Writes a key; its value has to be written next.
  package mutating func key(_ name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  // MARK: - Values

  /// Writes `null`.
  package mutating func null() { literal("null") }

  /// Writes `true` or `false`.
  package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

  /// Writes an integer.
  package mutating func integer(_ value: Int) {
    separate()
    bytes.append(digitsOf: value)
  }

  /// Writes a number rounded to `decimals` places, without trailing zeros: `4.92`, `415.0`.
  ///
  /// One decimal place is always kept. NaN and infinities, which JSON has no words for, become
  /// `null`.
  package mutating func number(_ value: Double, decimals: Int) {
    guard value.isFinite else { return null() }
    separate()
    bytes.append(value, decimals: decimals)
  }

  /// Writes a string; quotes, backslashes and what ``UnsafeText`` lists are escaped.
  package mutating func string(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    // Most strings are ASCII, whose characters needn't be decoded.
    if value.utf8.allSatisfy({ $0 < 0x80 }) {
      for byte in value.utf8 { append(escaping: byte) }
    } else {
      for scalar in value.unicodeScalars { append(escaping: scalar) }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a value that is JSON text already.
  package mutating func json(_ text: some Sequence<UInt8>) {
    separate()
    bytes.append(contentsOf: text)
  }

  // MARK: - Characters

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func literal(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func append(escaping scalar: Unicode.Scalar) {
    guard !scalar.isASCII else { return append(escaping: UInt8(scalar.value)) }
    if let byte = FileName.rawByte(scalar) {
      // As in UTF-16, where the escape ends in the byte's own digits.
      appendEscape(0xDBFF)
      appendEscape(0xDF00 | UInt32(byte))
    } else if UnsafeText.contains(scalar) {
      // All of them are below U+10000, so one escape is enough.
      appendEscape(scalar.value)
    } else {
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  private mutating func append(escaping byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(byte)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    case 0..<0x20, 0x7F: appendEscape(UInt32(byte))
    default: bytes.append(byte)
    }
  }

  private mutating func appendEscape(_ value: UInt32) {
    bytes.append(contentsOf: "\\u".utf8)
    for shift in [12, 8, 4, 0] {
      bytes.append(Self.hexadecimal[Int(value >> UInt32(shift) & 15)])
    }
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)
}

extension JSONWriter {
  /// Writes a key and a string.
  package mutating func field(_ name: String, _ value: String) {
    key(name)
    string(value)
  }

  /// Writes a key and a string, or `null`.
  package mutating func field(_ name: String, _ value: String?) {
    key(name)
    if let value { string(value) } else { null() }
  }

  /// Writes a key and an integer.
  package mutating func field(_ name: String, _ value: Int) {
    key(name)
    integer(value)
  }

  /// Writes a key and an integer, or `null`.
  package mutating func field(_ name: String, _ value: Int?) {
    key(name)
    if let value { integer(value) } else { null() }
  }

  /// Writes a key and a Boolean.
  package mutating func field(_ name: String, _ value: Bool) {
    key(name)
    bool(value)
  }

  /// Writes a key and a number rounded to `decimals` places, or `null`.
  package mutating func field(_ name: String, _ value: Double?, decimals: Int) {
    key(name)
    if let value { number(value, decimals: decimals) } else { null() }
  }

  /// Writes a key and an array of integers.
  package mutating func field(_ name: String, _ values: [Int]) {
    key(name)
    beginArray()
    for value in values { integer(value) }
    endArray()
  }

  /// Writes a key and an array of strings.
  package mutating func field(_ name: String, _ values: [String]) {
    key(name)
    beginArray()
    for value in values { string(value) }
    endArray()
  }
}
