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

/// `text` on one line, with control characters, which file names may have, escaped.
func printable(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x0A: result += "\\n"
    case 0..<0x20, 0x7F..<0xA0: result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
