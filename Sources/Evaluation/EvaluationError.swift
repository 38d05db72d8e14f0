/// Why a truth, predictions or a mapping cannot be used.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, and the place in it.
  public let path: String
  /// What is wrong, in a sentence.
  public let message: String
  /// What helps, in a sentence.
  public let remedy: String

  /// Makes an error of its parts.
  public init(path: String, message: String, remedy: String) {
    self.path = path
    self.message = message
    self.remedy = remedy
  }

  /// All of it on one line.
  public var description: String { "\(path): \(message) \(remedy)" }
}
