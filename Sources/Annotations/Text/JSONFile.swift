package import Foundation

/// Decodes JSON, and turns what is wrong with it into one line that names the place.
package enum JSONFile {
  /// Decodes a value from `data`, the contents of `path`.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, path: String, remedy: String
  ) throws(AnnotationError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw Self.error(error, path: path, remedy: remedy)
    }
  }

  /// The error to report for one that a decoder threw.
  static func error(_ error: any Error, path: String, remedy: String) -> AnnotationError {
    if case DecodingError.dataCorrupted(let context) = error,
      let entry = context.underlyingError as? UnusableEntry
    {
      let place = place(context.codingPath)
      return AnnotationError(
        path: place.isEmpty ? path : "\(path): \(place)", message: entry.message,
        remedy: entry.remedy)
    }
    return AnnotationError(path: path, message: sentence(error), remedy: remedy)
  }

  private static func sentence(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "It is not valid JSON." }
    switch error {
    case .keyNotFound(let key, let context):
      return "\(subject(context.codingPath)) has no '\(key.stringValue)'."
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "\(subject(context.codingPath)) is of the wrong kind."
    case .dataCorrupted(let context):
      if context.codingPath.isEmpty { return "It is not valid JSON." }
      return "\(subject(context.codingPath)) is not a usable value."
    @unknown default: return "It is not valid JSON."
    }
  }

  private static func subject(_ path: [any CodingKey]) -> String {
    let place = place(path)
    return place.isEmpty ? "The file" : "'\(place)'"
  }

  /// A place in a file, such as `annotations[12].bbox`.
  private static func place(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text
  }
}

/// An entry that is valid JSON, but whose numbers can't be used.
///
/// Decoders pass it on inside a `DecodingError`, which knows the place.
struct UnusableEntry: Error {
  var message: String
  var remedy: String

  /// The error to throw from an `init(from:)`.
  func error(at path: [any CodingKey]) -> DecodingError {
    .dataCorrupted(.init(codingPath: path, debugDescription: message, underlyingError: self))
  }
}

/// A flag that some programs write as 0 and 1, others as a Boolean.
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
