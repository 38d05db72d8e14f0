/// A settings file, or a text with settings, that can't be used.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, with line and column where they are known, or what else the text is.
  public let place: String
  /// One sentence on what is wrong.
  public let message: String
  /// One sentence on what to do about it; empty if the message says so.
  public let remedy: String
  /// Whether trying again later may help.
  public let isTransient: Bool

  /// Creates an error from its parts.
  public init(_ place: String, _ message: String, remedy: String, isTransient: Bool = false) {
    self.place = place
    self.message = message
    self.remedy = remedy
    self.isTransient = isTransient
  }

  /// All of it in one line.
  public var description: String { "\(place): \(message) \(remedy)" }
}
