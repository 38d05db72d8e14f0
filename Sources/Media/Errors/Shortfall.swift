/// What a source didn't deliver of what it declared.
public struct Shortfall: Hashable, Sendable {
  /// Where the missing part is.
  public enum Kind: String, Hashable, Sendable {
    /// At the end: the source broke off.
    case truncated
    /// Before the end: the source went on behind it.
    case gaps
  }

  /// Where the missing part is.
  public var kind: Kind
  /// One sentence that says what is missing.
  public var message: String
  /// Whether it may be there when the source is read again.
  public var isTransient: Bool

  /// Makes a shortfall from its parts.
  public init(_ kind: Kind, _ message: String, isTransient: Bool = false) {
    self.kind = kind
    self.message = message
    self.isTransient = isTransient
  }
}
