internal import Annotations
internal import Foundation

/// Which class of the model each class of the truth is, as a user wrote it down.
public struct ClassMap: Sendable {
  /// The name for regions in which detections don't count.
  static let regionName = "ignore"

  let path: String
  /// The names in the truth and in the model, in the order of the file.
  let pairs: [(truth: String, model: String)]

  /// Reads a file with one `truth name = model name` per line and `#` before comments, or with a
  /// JSON object.
  ///
  /// - Throws: `EvaluationError` if the file cannot be read, or a line is neither.
  public init(path: String) throws(EvaluationError) {
    self.path = path
    let data: Data
    do { data = try TextFile.contents(path) } catch { throw EvaluationError(error) }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw EvaluationError(
        path: path, message: "The file is not text.",
        remedy: "Write one 'truth name = model name' per line.")
    }
    guard text.first(where: { !$0.isWhitespace }) == "{" else {
      pairs = try Self.lines(of: text, path: path)
      return
    }
    do {
      let object = try JSONFile.decode(
        [String: String].self, from: data, path: path,
        remedy: "Write an object from truth names to model names.")
      pairs = object.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    } catch {
      throw EvaluationError(error)
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
