/// An element of an XML document.
struct XMLElement {
  var name: String
  /// The text directly in it, without the white space around it.
  var text = ""
  var attributes: [String: String] = [:]
  var children: [XMLElement] = []

  /// The first child with a name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }
}

/// Reads the part of XML 1.0 that annotation programs write: elements, attributes, text,
/// references, comments.
///
/// Foundation's parser would do, but it needs libxml2 and ICU at run time, and those may be
/// missing where the program is copied to. Document types with declarations are refused, and with
/// them every attack that is based on entities.
struct XMLReader {
  private let bytes: [UInt8]
  private let path: String
  private var position = 0

  /// How deep elements may be nested; real annotations come nowhere near.
  private static let deepest = 32

  private init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// The outermost element of a document.
  static func read(_ bytes: [UInt8], path: String) throws(AnnotationError) -> XMLElement {
    var reader = XMLReader(bytes, path: path)
    return try reader.document()
  }

  private mutating func document() throws(AnnotationError) -> XMLElement {
    var open: [XMLElement] = []
    var text: [[UInt8]] = []
    while position < bytes.count {
      if bytes[position] != UInt8(ascii: "<") {
        let run = try characters()
        if !text.isEmpty { text[text.count - 1] += run }
      } else if take("<!--") {
        try skip(past: "-->")
      } else if take("<![CDATA[") {
        let start = position
        try skip(past: "]]>")
        if !text.isEmpty { text[text.count - 1] += bytes[start..<position - 3] }
      } else if take("<?") {
        try skip(past: "?>")
      } else if take("<!") {
        let start = position
        try skip(past: ">")
        if bytes[start..<position].contains(UInt8(ascii: "[")) {
          throw fault("It declares a document type of its own.")
        }
      } else if take("</") {
        let name = try self.name()
        try skip(past: ">")
        guard var element = open.popLast(), let run = text.popLast(), element.name == name else {
          throw fault("It closes <\(name)>, which is not open.")
        }
        element.text = trimmed(run)
        guard !open.isEmpty else { return element }
        open[open.count - 1].children.append(element)
      } else {
        position += 1
        var element = XMLElement(name: try name())
        if try !readAttributes(of: &element) {
          guard !open.isEmpty else { return element }
          open[open.count - 1].children.append(element)
          continue
        }
        guard open.count < Self.deepest else { throw fault("Its elements are nested too deep.") }
        open.append(element)
        text.append([])
      }
    }
    throw fault("It ends too early.")
  }

  /// Reads the attributes; false if the element is empty (`<a/>`).
  private mutating func readAttributes(of element: inout XMLElement) throws(AnnotationError) -> Bool
  {
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: ">"):
        position += 1
        return bytes[position - 2] != UInt8(ascii: "/")
      case UInt8(ascii: "/"), 0...0x20: position += 1
      default:
        let name = try self.name()
        position += bytes[position...].prefix { $0 <= 0x20 }.count
        guard take("=") else { continue }
        position += bytes[position...].prefix { $0 <= 0x20 }.count
        guard let quote = bytes.suffix(from: min(position, bytes.count)).first,
          [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(quote)
        else { throw fault("The value of '\(name)' is not in quotes.") }
        position += 1
        let value = try characters(until: quote)
        position += 1
        element.attributes[name] = String(decoding: value, as: UTF8.self)
      }
    }
    throw fault("It ends too early.")
  }

  private mutating func name() throws(AnnotationError) -> String {
    let start = position
    let ends = Set(" \t\r\n/><=".utf8)
    while position < bytes.count, !ends.contains(bytes[position]) { position += 1 }
    guard position > start, position < bytes.count else { throw fault("It is not XML.") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// The text up to `end`, that of the next element, with references resolved.
  private mutating func characters(
    until end: UInt8 = UInt8(ascii: "<")
  ) throws(AnnotationError) -> [UInt8] {
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != end {
      if bytes[position] == UInt8(ascii: "&") {
        text += try reference()
      } else {
        text.append(bytes[position])
        position += 1
      }
    }
    return text
  }

  private mutating func reference() throws(AnnotationError) -> [UInt8] {
    let window = bytes[position..<min(position + 12, bytes.count)]
    guard let end = window.firstIndex(of: UInt8(ascii: ";")) else {
      throw fault("It has an '&' that is not part of a reference.")
    }
    let word = String(decoding: bytes[position + 1..<end], as: UTF8.self)
    position = end + 1
    let named: [String: String] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    if let known = named[word] { return Array(known.utf8) }
    let number =
      word.hasPrefix("#x")
      ? UInt32(word.dropFirst(2), radix: 16)
      : word.hasPrefix("#") ? UInt32(word.dropFirst(1)) : nil
    guard let scalar = number.flatMap(Unicode.Scalar.init) else {
      throw fault("It has an unknown reference.")
    }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func take(_ text: String) -> Bool {
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  private mutating func skip(past text: String) throws(AnnotationError) {
    while position < bytes.count {
      if take(text) { return }
      position += 1
    }
    throw fault("It ends too early.")
  }

  private func trimmed(_ text: [UInt8]) -> String {
    String(decoding: text, as: UTF8.self).trimmingWhitespace
  }

  private func fault(_ message: String) -> AnnotationError {
    AnnotationError(
      path: path, message: message, remedy: "Give annotations of Pascal VOC or CVAT.")
  }
}
