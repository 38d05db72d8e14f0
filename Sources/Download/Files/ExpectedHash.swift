internal import Foundation

/// What is known of the SHA-256 that a file must have.
package enum ExpectedHash: Hashable, Sendable {
  /// All 64 hexadecimal digits, in lower case.
  case whole(String)
  /// The first digits, in lower case.
  case beginning(String)

  /// Fewer digits are a name rather than a hash; torchvision has eight.
  private static let fewestDigits = 8

  /// Reads 64 hexadecimal digits; `nil` for any other text.
  package init?(whole text: String) {
    guard text.utf8.count == 64, Self.isHexadecimal(text) else { return nil }
    self = .whole(text.lowercased())
  }

  /// Reads the digits at the end of a file's name, before its suffix, as torchvision writes them:
  /// `mobilenet_v2-7ebf99e0.pth`.
  package init?(fileName: String) {
    let stem = fileName.prefix { $0 != "?" }.split(separator: ".").dropLast().joined(separator: ".")
    guard let dash = stem.lastIndex(of: "-") else { return nil }
    let digits = stem[stem.index(after: dash)...]
    guard (Self.fewestDigits...64).contains(digits.utf8.count), Self.isHexadecimal(digits) else {
      return nil
    }
    self = digits.utf8.count == 64 ? .whole(digits.lowercased()) : .beginning(digits.lowercased())
  }

  /// The known digits.
  package var digits: String {
    switch self {
    case .whole(let digits), .beginning(let digits): digits
    }
  }

  /// Whether all digits are known.
  package var isWhole: Bool { if case .whole = self { true } else { false } }

  /// Whether a hash of 64 digits is the expected one.
  func matches(_ hash: String) -> Bool { hash.hasPrefix(digits) }

  private static func isHexadecimal(_ text: some StringProtocol) -> Bool {
    text.allSatisfy { $0.isASCII && $0.isHexDigit }
  }
}
