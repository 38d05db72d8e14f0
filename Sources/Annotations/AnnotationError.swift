/// A file of annotations or results that can't be used.
public struct AnnotationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, and the place in it.
  public let path: String
  /// One sentence on what is wrong.
  public let message: String
  /// One sentence on what to do about it.
  public let remedy: String
  /// Whether trying again later may help.
  public let isTransient: Bool

  /// Creates an error from its parts.
  public init(path: String, message: String, remedy: String, isTransient: Bool = false) {
    self.path = path
    self.message = message
    self.remedy = remedy
    self.isTransient = isTransient
  }

  /// All of it in one line.
  public var description: String { "\(path): \(message) \(remedy)" }
}
