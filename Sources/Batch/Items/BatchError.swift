/// A batch that can't be run as asked for; found before any source is opened.
package struct BatchError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The option, or `LIST:LINE` within a list.
  package let subject: String
  /// One sentence on what is wrong.
  package let message: String
  /// One sentence on what to do about it.
  package let remedy: String

  /// Makes an error from its parts.
  package init(_ subject: String, _ message: String, _ remedy: String) {
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }

  /// All of it in one line.
  package var description: String { "\(subject): \(message) \(remedy)" }
}
