#if canImport(FoundationEssentials)
internal import FoundationEssentials
#else
internal import Foundation
#endif

extension ModelDescription {
  private struct Version: Decodable {
    var format: Int
  }

  /// The key under which a model file keeps the document in its metadata.
  package static let metadataKey = "stream_detect"

  /// More than any description takes, even with 100000 labels: 8 MiB.
  private static let longestJSON = 8 << 20

  /// Reads and checks the document of the file at `path`.
  init(json: String, path: String) throws(ModelFileError) {
    guard json.utf8.count <= Self.longestJSON else {
      throw Self.invalid(
        "The description has \(json.utf8.count) bytes; \(Self.longestJSON) are allowed.", path)
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = Data(json.utf8)
    do {
      let version = try decoder.decode(Version.self, from: data).format
      guard version == Self.format else {
        throw ModelFileError(
          .unsupportedVersion, path: path,
          message: "The model file has format \(version); this program reads \(Self.format).",
          remedy: "Import the weights again with this program, or use a newer one.")
      }
      self = try decoder.decode(ModelDescription.self, from: data)
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw Self.invalid("The description cannot be read: \(problem(in: error))", path)
    }
    if let fault = fault() { throw Self.invalid(fault, path) }
  }

  /// The document, with its keys in alphabetical order.
  func json(path: String) throws(ModelFileError) -> String {
    if let fault = fault() { throw Self.invalid(fault, path) }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      throw Self.invalid("The description cannot be written: \(problem(in: error))", path)
    }
  }

  private static func invalid(_ message: String, _ path: String) -> ModelFileError {
    ModelFileError(
      .invalidDescription, path: path, message: message,
      remedy: "Import the model again from its original weights.")
  }
}

/// A decoder's error as a sentence that names the place in the document.
private func problem(in error: any Error) -> String {
  guard let error = error as? DecodingError else { return "it is not a JSON document." }
  func place(_ context: DecodingError.Context) -> String {
    context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      .joined(separator: ".")
  }
  return switch error {
  case .keyNotFound(let key, let context):
    "\(place(context).isEmpty ? "it" : place(context)) lacks \(key.stringValue)."
  case .typeMismatch(_, let context), .valueNotFound(_, let context):
    "\(place(context)) has the wrong type."
  case .dataCorrupted(let context):
    place(context).isEmpty
      ? "it is not a JSON document." : "\(place(context)) has an unknown value."
  @unknown default: "it is not a JSON document."
  }
}
