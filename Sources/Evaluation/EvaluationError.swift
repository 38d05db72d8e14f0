internal import Annotations

/// A truth, results or a class map that don't fit together.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, and the place in it, or what else the error is about.
  public let path: String
  /// One sentence on what is wrong.
  public let message: String
  /// One sentence on what to do about it.
  public let remedy: String

  /// Creates an error from its parts.
  public init(path: String, message: String, remedy: String) {
    self.path = path
    self.message = message
    self.remedy = remedy
  }

  init(_ error: AnnotationError) {
    self.init(path: error.path, message: error.message, remedy: error.remedy)
  }

  /// All of it in one line.
  public var description: String { "\(path): \(message) \(remedy)" }
}
