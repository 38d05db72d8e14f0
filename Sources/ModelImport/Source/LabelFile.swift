#if canImport(FoundationEssentials)
public import Models
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import Layers

/// Reads class names from a file.
///
/// A JSON list of names, a JSON object from class IDs to names, or a text with one name per line.
/// WordNet IDs at the start of lines (`n01440764 tench, Tinca tinca`, as in ImageNet's
/// `synset_words.txt`) are left out.
public enum LabelFile {
  /// Reads the names in the order of their class IDs.
  ///
  /// - Throws: ``ModelFileError`` if the file cannot be read or has no names.
  public static func read(_ path: String) throws(ModelFileError) -> [String] {
    let file = try converting { () throws(SafetensorsError) in try MappedFile(path: path) }
    guard file.byteCount <= 16 << 20,
      let text = String(validating: file.copy(0..<file.byteCount), as: UTF8.self)
    else { throw invalid("The file is not UTF-8 text, or is larger than 16 MiB.", path) }
    let first = text.first { !$0.isWhitespace }
    let labels =
      first == "[" || first == "{"
      ? try json(text, path)
      : lines(text)
    guard !labels.isEmpty else { throw invalid("The file has no names.", path) }
    return labels
  }

  /// One name per line.
  static func lines(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { withoutSynset($0) }
  }

  private static func json(_ text: String, _ path: String) throws(ModelFileError) -> [String] {
    let decoder = JSONDecoder()
    let data = Data(text.utf8)
    if let labels = try? decoder.decode([String].self, from: data) { return labels }
    guard let named = try? decoder.decode([String: String].self, from: data) else {
      throw invalid("The JSON is neither a list of names nor an object from IDs to names.", path)
    }
    var labels: [String] = []
    for id in 0..<named.count {
      guard let label = named["\(id)"] else { throw invalid("The class \(id) has no name.", path) }
      labels.append(label)
    }
    return labels
  }

  private static func withoutSynset(_ line: Substring) -> String {
    let words = line.split(separator: " ", maxSplits: 1)
    let isSynset =
      words.count == 2 && words[0].utf8.count == 9 && words[0].first == "n"
      && words[0].dropFirst().allSatisfy { ("0"..."9").contains($0) }
    return String(isSynset ? words[1] : line)
  }

  private static func invalid(_ message: String, _ path: String) -> ModelFileError {
    ModelFileError(
      .invalidOption, path: path, message: message,
      remedy: "Give a JSON list of names, or a text file with one name per line.")
  }
}
