/// How the bytes of a file's name are held in a `String` without loss.
///
/// A name on Unix is bytes, which need not be UTF-8. Valid UTF-8 stands for itself. Each other
/// byte, hexadecimal XX, is held as the private-use character U+10FFXX. So that no two names share
/// a text, the four bytes of such a character in a name are held one by one, too.
///
/// A text that is handed to the system goes through `cString`; the other direction is `text`. JSON
/// shows such a byte as `\udbff\udfXX`, messages as `\x{XX}`.
package enum FileName {
  /// The text that holds a name or a path.
  package static func text(_ name: some Collection<UInt8>) -> String {
    if let plain = String(validating: name, as: UTF8.self), !hasRawBytes(plain) { return plain }
    var text = String.UnicodeScalarView()
    var rest = Array(name)[...]
    while let first = rest.first {
      if let (scalar, length) = scalar(at: rest), rawByte(scalar) == nil {
        text.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        text.append(Unicode.Scalar(firstRaw | UInt32(first)) ?? "\u{FFFD}")
        rest = rest.dropFirst()
      }
    }
    return String(text)
  }

  /// The text that holds the name or path at `name`, which ends with a zero.
  package static func text(cString name: UnsafePointer<CChar>) -> String {
    var count = 0
    while unsafe name[count] != 0 { count += 1 }
    return unsafe text(UnsafeRawBufferPointer(start: name, count: count))
  }

  /// The bytes that a text holds.
  package static func bytes(_ text: String) -> [UInt8] {
    guard hasRawBytes(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in
      rawByte(scalar).map { [$0] } ?? Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  /// The bytes that a text holds, with a zero at the end, for system calls.
  package static func cString(_ text: String) -> [CChar] {
    bytes(text).map { CChar(bitPattern: $0) } + [0]
  }

  /// Whether a text holds bytes that are not UTF-8.
  package static func hasRawBytes(_ text: String) -> Bool {
    text.utf8.contains(0xF4) && text.unicodeScalars.contains { rawByte($0) != nil }
  }

  /// The byte that a character of a name's text stands for; `nil` if it stands for itself.
  package static func rawByte(_ scalar: Unicode.Scalar) -> UInt8? {
    (firstRaw | 0x80...firstRaw | 0xFF).contains(scalar.value)
      ? UInt8(truncatingIfNeeded: scalar.value) : nil
  }

  private static let firstRaw: UInt32 = 0x10FF00

  /// The character that `bytes` begin with, and how many bytes encode it; `nil` if they are not
  /// UTF-8.
  private static func scalar(at bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    var parser = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    guard case .valid(let encoded) = parser.parseScalar(from: &iterator) else { return nil }
    return (UTF8.decode(encoded), encoded.count)
  }
}
