/// An id in a file of annotations: a number in most files, text in some.
public enum EntryID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// A whole number.
  case number(Int)
  /// Any text.
  case text(String)

  /// The number or text.
  public var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .text(let text): text
    }
  }

  /// Sorts numbers by size and before texts, and texts by their Unicode scalars, as Python does.
  public static func < (a: EntryID, b: EntryID) -> Bool {
    switch (a, b) {
    case (.number(let a), .number(let b)): a < b
    case (.text(let a), .text(let b)):
      a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
    case (.number, .text): true
    case (.text, .number): false
    }
  }
}

extension EntryID: Decodable {
  /// Decodes a whole number or a string.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "An id is neither a whole number nor a string.")
    }
  }
}
