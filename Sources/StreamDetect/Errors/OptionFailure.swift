/// An option with a value that is impossible, or that contradicts another.
public struct OptionFailure: Hashable, Sendable, CustomStringConvertible {
  /// The name of the property or argument, such as `confidence`.
  public let option: String
  /// The value as text; empty if the option names itself.
  public let value: String
  /// What is wrong, in a sentence.
  public let message: String
  /// What to do about it, in a sentence; empty if the message says so.
  public let remedy: String

  /// The option and both sentences.
  public var description: String {
    [value.isEmpty ? "\(option):" : "\(option) \(value):", message, remedy]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  init(_ option: String, _ value: String = "", message: String, remedy: String = "") {
    self.option = option
    self.value = value
    self.message = message
    self.remedy = remedy
  }
}

/// Throws unless a value is allowed.
func require(
  _ isAllowed: Bool, _ option: String, _ value: some CustomStringConvertible, _ rule: String
) throws(StreamDetectError) {
  guard !isAllowed else { return }
  throw .options(OptionFailure(option, "\(value)", message: "It must be \(rule)."))
}
