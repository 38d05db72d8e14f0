internal import Support

/// An error that ends the program: its subject, a sentence, a remedy and the exit code.
struct ProgramError: Error {
  var status: ExitStatus
  var subject: String
  var message: String
  var remedy: String

  init(_ status: ExitStatus, _ subject: String, _ message: String, remedy: String) {
    self.status = status
    self.subject = subject
    self.message = message
    self.remedy = remedy
  }
}

extension ProgramError: CustomStringConvertible {
  /// The subject, the sentence and the remedy on one line.
  var description: String {
    [subject + (subject.isEmpty ? "" : ": ") + sentence(message), sentence(remedy)]
      .filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// `text`, with a full stop unless it ends with punctuation.
func sentence(_ text: String) -> String {
  guard let last = text.last, !".!?".contains(last) else { return text }
  return text + "."
}

/// `text` on one line, with what file names may have escaped: control characters as `\u{9}`, bytes
/// that are not UTF-8 as `\x{e9}`.
func printable(_ text: String) -> String { UnsafeText.escaped(text) }
