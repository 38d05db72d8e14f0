internal import Foundation

/// Names of the truth and what the model calls the same, as a user wrote them down.
public struct ClassMap: Sendable {
  /// The name that marks a region in which nothing counts.
  static let regionName = "ignore"

  let path: String
  /// The truth's name and the model's, in the order of the file.
  let pairs: [(truth: String, model: String)]

  /// Reads `truth name = model name` a line, `#` before a comment, or a JSON object.
  ///
  /// - Throws: `EvaluationError` for a file that cannot be read or a line that is neither.
  public init(path: String) throws(EvaluationError) {
    self.path = path
    let data = try JSONFile.contents(path)
    guard let text = String(validating: data, as: UTF8.self) else {
      throw EvaluationError(
        path: path, message: "The file is no text.",
        remedy: "Write 'truth name = model name' a line.")
    }
    if text.first(where: { !$0.isWhitespace }) == "{" {
      let object = try JSONFile.decode(
        [String: String].self, from: data, path: path,
        remedy: "Write an object from truth names to model names.")
      pairs = object.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    } else {
      pairs = try Self.lines(of: text, path: path)
    }
  }

  private static func lines(
    of text: String, path: String
  ) throws(EvaluationError) -> [(truth: String, model: String)] {
    var pairs: [(truth: String, model: String)] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      let line = line.trimmingCharacters(in: .whitespaces)
      if line.isEmpty || line.hasPrefix("#") { continue }
      let sides = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard sides.count == 2, !sides.contains("") else {
        throw EvaluationError(
          path: "\(path):\(number + 1)", message: "The line does not map a name.",
          remedy: "Write 'truth name = model name'.")
      }
      pairs.append((sides[0], sides[1]))
    }
    return pairs
  }
}
