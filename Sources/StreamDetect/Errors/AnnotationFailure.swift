internal import Annotations
internal import Evaluation

/// Why annotations or predictions could not be read or compared.
public struct AnnotationFailure: Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, and the place in it where known.
  public let path: String
  /// What is wrong, in a sentence.
  public let message: String
  /// What to do about it, in a sentence.
  public let remedy: String

  /// The file and both sentences.
  public var description: String { "\(path): \(message) \(remedy)" }

  init(_ error: EvaluationError) {
    path = error.path
    message = error.message
    remedy = error.remedy
  }

  init(_ error: AnnotationError) {
    path = error.path
    message = error.message
    remedy = error.remedy
  }
}
