/// Addresses of files: `file://` and a path after it.
package enum FileAddress {
  private static let scheme = "file://"

  /// The path of a file's address, with `%41` as `A`; `nil` for any other text.
  ///
  /// All that follows belongs to the path, also `#` and `?`: files have such names, and there is
  /// neither a fragment nor a query of a file. It is found by its bytes, so it is the same path
  /// wherever an address is read.
  package static func path(of text: String) -> String? {
    guard text.utf8.starts(with: scheme.utf8) else { return nil }
    var path: [UInt8] = []
    var rest = FileName.bytes(text).dropFirst(scheme.utf8.count)
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
      if byte == UInt8(ascii: "%"), digits.count == 2 {
        path.append(UInt8(digits[0] * 16 + digits[1]))
        rest = rest.dropFirst(2)
      } else {
        path.append(byte)
      }
    }
    return FileName.text(path)
  }
}
