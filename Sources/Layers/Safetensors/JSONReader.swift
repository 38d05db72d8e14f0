/// A cursor over JSON whose structure is known in advance.
struct JSONReader {
  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  func fault(_ code: SafetensorsError.Code, _ message: String) -> SafetensorsError {
    SafetensorsError(code, path: path, message: message, remedy: damagedRemedy)
  }

  /// Reads an object; `member` reads the value of each key.
  ///
  /// A duplicate key is an error.
  mutating func object(
    _ member: (inout JSONReader, String) throws(SafetensorsError) -> Void
  ) throws(SafetensorsError) {
    var keys: Set<String> = []
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try string()
      guard keys.insert(key).inserted else {
        throw fault(.duplicate, "The header names \(key) twice.")
      }
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  /// Reads an array of non-negative integers.
  mutating func integers(atMost limit: Int) throws(SafetensorsError) -> [Int] {
    var values: [Int] = []
    try expect("[")
    if take("]") { return values }
    repeat {
      guard values.count < limit else {
        throw fault(.invalidHeader, "A list in the header has more than \(limit) numbers.")
      }
      values.append(try integer())
    } while take(",")
    try expect("]")
    return values
  }

  /// Reads a string.
  mutating func string() throws(SafetensorsError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while let byte = next() {
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw fault(.invalidHeader, "A string in the header is not UTF-8.")
        }
        return string
      case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
      case 0..<0x20: throw fault(.invalidHeader, "A string in the header has a control character.")
      default: text.append(byte)
      }
    }
    throw fault(.invalidHeader, "A string in the header is not terminated.")
  }

  /// Checks that nothing but the padding is left.
  mutating func end() throws(SafetensorsError) {
    skipSpace()
    guard position == bytes.count else {
      throw fault(.invalidHeader, "The header continues after the end of its JSON.")
    }
  }

  private mutating func integer() throws(SafetensorsError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, case UInt8(ascii: "0")...UInt8(ascii: "9") = bytes[position] {
      let (tenfold, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, carries) = tenfold.addingReportingOverflow(Int(bytes[position]) - 0x30)
      guard !overflows, !carries else {
        throw fault(.invalidShape, "A number in the header does not fit in 64 bits.")
      }
      value = sum
      position += 1
    }
    guard position > start, position == start + 1 || bytes[start] != UInt8(ascii: "0") else {
      throw fault(.invalidHeader, "An integer is missing at byte \(start) of the header.")
    }
    return value
  }

  private mutating func escape() throws(SafetensorsError) -> [UInt8] {
    switch next() {
    case UInt8(ascii: "\""): return [UInt8(ascii: "\"")]
    case UInt8(ascii: "\\"): return [UInt8(ascii: "\\")]
    case UInt8(ascii: "/"): return [UInt8(ascii: "/")]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if units[0] & 0xFC00 == 0xD800, take("\\", skippingSpace: false) {
        guard next() == UInt8(ascii: "u") else { break }
        units.append(try codeUnit())
      }
      guard let text = String(validating: units, as: UTF16.self) else { break }
      return [UInt8](text.utf8)
    default: break
    }
    throw fault(.invalidHeader, "A string in the header has an invalid escape.")
  }

  private mutating func codeUnit() throws(SafetensorsError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next(), let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw fault(.invalidHeader, "A string in the header has an invalid escape.")
      }
      unit = unit << 4 | UInt16(digit)
    }
    return unit
  }

  private mutating func expect(_ scalar: UnicodeScalar) throws(SafetensorsError) {
    guard take(scalar) else {
      throw fault(.invalidHeader, "\"\(scalar)\" is missing at byte \(position) of the header.")
    }
  }

  private mutating func take(_ scalar: UnicodeScalar, skippingSpace: Bool = true) -> Bool {
    if skippingSpace { skipSpace() }
    guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func next() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }
}
