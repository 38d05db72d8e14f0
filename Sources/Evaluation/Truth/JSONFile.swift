internal import Foundation

/// Reads JSON files, and says in one line where they are not as they should be.
enum JSONFile {
  /// The bytes of a file.
  ///
  /// - Throws: `EvaluationError` where it cannot be read.
  static func contents(_ path: String) throws(EvaluationError) -> Data {
    do {
      return try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    } catch {
      throw EvaluationError(
        path: path, message: "The file cannot be read.",
        remedy: "Check its path, and that you may read it.")
    }
  }

  /// Reads a value of a known form out of `data`.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, path: String, remedy: String
  ) throws(EvaluationError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw EvaluationError(path: path, message: Self.sentence(error), remedy: remedy)
    }
  }

  private static func sentence(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "It is not valid JSON." }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(place(context.codingPath)) has no '\(key.stringValue)'."
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(place(context.codingPath)) is of the wrong kind."
    case .dataCorrupted(let context):
      if context.codingPath.isEmpty { return "It is not valid JSON." }
      return "\(place(context.codingPath)) is not a usable value."
    @unknown default: return "It is not valid JSON."
    }
  }

  /// Where in the file something is, such as `annotations[12].bbox`.
  private static func place(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text.isEmpty ? "The file" : "'\(text)'"
  }
}

/// A flag that some programs write as 0 and 1 and some as a truth value.
struct LenientFlag: Decodable {
  var isSet: Bool

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      isSet = flag
    } else {
      isSet = try container.decode(Double.self) != 0
    }
  }
}
