/// An argument that doesn't name a source; found before any source is opened.
public struct SourceListError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The argument as given, or `LIST:LINE` within a list; without secrets.
  public let argument: String
  /// One sentence on what is wrong.
  public let message: String
  /// One sentence on what to do about it.
  public let remedy: String

  /// Whether trying again later may help.
  public let isTransient: Bool

  init(_ argument: String, _ message: String, _ remedy: String, isTransient: Bool = false) {
    self.argument = argument
    self.message = message
    self.remedy = remedy
    self.isTransient = isTransient
  }

  /// All of it in one line.
  public var description: String { "\(argument): \(message) \(remedy)" }
}
