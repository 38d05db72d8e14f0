internal import Support

/// Text of a file that is being written, as UTF-8.
struct ExportText {
  /// What was added since the last `removeAll()`.
  private(set) var bytes: [UInt8] = []

  /// Empties it, but keeps its memory.
  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Adds text as it is.
  mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Adds an integer.
  mutating func add(_ value: Int) { bytes.append(digitsOf: value) }

  /// Adds a number, rounded to so many places.
  mutating func add(_ value: Double, decimals: Int) { bytes.append(value, decimals: decimals) }

  /// Adds text with references in place of what XML 1.0 doesn't take as it is; characters that it
  /// doesn't take at all become U+FFFD.
  mutating func add(xml text: String) {
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": add("&amp;")
      case "<": add("&lt;")
      case ">": add("&gt;")
      case "\"": add("&quot;")
      case "\t", "\n", "\r":
        add("&#")
        add(Int(scalar.value))
        add(";")
      case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{FFFE}", "\u{FFFF}":
        add("\u{FFFD}")
      default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }

  /// Adds a field of comma-separated values, quoted where it has to be (RFC 4180).
  mutating func add(csv text: String) {
    let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return add(text) }
    add("\"")
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    add("\"")
  }
}
