/// Characters that must not reach a terminal or a log as they are.
///
/// File names and what servers send may hold any character. Control characters steer a terminal,
/// those of the second set (U+0080 to U+009F) too; marks of direction make a name read as another;
/// and the separators U+2028 and U+2029 end a line for some readers of JSON lines.
package enum UnsafeText {
  /// Whether `scalar` is one of them.
  package static func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// `text` on one line, with these characters written as `\u{9b}`, and bytes of a name that are
  /// not UTF-8 as `\x{e9}`.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if scalar == "\n" {
        result += "\\n"
      } else if let byte = FileName.rawByte(scalar) {
        result += "\\x{" + String(byte, radix: 16) + "}"
      } else if contains(scalar) {
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// JSON text with these characters, which it can only have in strings, written as `\u009b`; line
  /// ends between values stay.
  package static func escaped(inJSON text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if contains(scalar), scalar != "\n" {
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else if let byte = FileName.rawByte(scalar) {
        result += "\\udbff\\udf" + String(byte, radix: 16)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
