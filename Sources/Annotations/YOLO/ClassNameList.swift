internal import Support

/// Reads the class names of a YOLO data set: a `data.yaml`, or a text file with one name per line.
///
/// Of the YAML only `names:` is read, in the four ways people write it: a list, or a map from
/// numbers, either in brackets or with one entry per line. A YAML library would not earn its build
/// time here.
struct ClassNameList {
  let path: String

  /// The names by class number.
  ///
  /// - Throws: `AnnotationError` if there are none.
  func read() throws(AnnotationError) -> [String] {
    let text = try TextFile.text(path)
    let isYAML = ["yaml", "yml"].contains(PathText.suffix(of: path))
    let names = isYAML ? try yamlNames(text) : plainNames(text)
    guard !names.isEmpty else { throw fault("It has no names.") }
    return names
  }

  private func plainNames(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(\.trimmingWhitespace)
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  private func yamlNames(_ text: String) throws(AnnotationError) -> [String] {
    let lines = text.split(whereSeparator: \.isNewline).map(Self.withoutComment)
    guard let start = lines.firstIndex(where: { $0.hasPrefix("names:") }) else {
      throw fault("It has no 'names'.")
    }
    let first = lines[start].dropFirst("names:".count).trimmingWhitespace
    if let bracket = first.first, bracket == "[" || bracket == "{" {
      let all = ([first] + lines[(start + 1)...]).joined(separator: " ")
      guard let end = all.firstIndex(of: bracket == "[" ? "]" : "}") else {
        throw fault("Its list of names is not closed.")
      }
      let items = Self.split(all[all.index(after: all.startIndex)..<end])
      return try bracket == "[" ? items.map(Self.unquoted) : ordered(items)
    }
    let block = lines[(start + 1)...].prefix {
      $0.trimmingWhitespace.isEmpty || $0.hasPrefix("-") || $0.first?.isWhitespace == true
    }.map(\.trimmingWhitespace).filter { !$0.isEmpty }
    if block.allSatisfy({ $0.hasPrefix("-") }) {
      return block.map { Self.unquoted($0.dropFirst().trimmingWhitespace) }
    }
    return try ordered(block)
  }

  /// The names in entries like `0: a` and `1: b`, which may come in any order but without gaps.
  private func ordered(_ entries: [String]) throws(AnnotationError) -> [String] {
    var names: [Int: String] = [:]
    for entry in entries {
      guard let colon = entry.firstIndex(of: ":"),
        let number = Int(Self.unquoted(entry[..<colon].trimmingWhitespace))
      else { throw fault("It has a name without a number: \(entry.prefix(40)).") }
      names[number] = Self.unquoted(entry[entry.index(after: colon)...].trimmingWhitespace)
    }
    var list: [String] = []
    for number in 0..<names.count {
      guard let name = names[number] else { throw fault("It has no name for class \(number).") }
      list.append(name)
    }
    return list
  }

  private static func withoutComment(_ line: Substring) -> String {
    var quote: Character?
    var previous: Character = " "
    for index in line.indices {
      let character = line[index]
      if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
      } else if quote == nil, character == "#", previous.isWhitespace {
        return String(line[..<index])
      }
      previous = character
    }
    return String(line)
  }

  /// Splits at commas outside quotes.
  private static func split(_ text: Substring) -> [String] {
    var parts: [String] = []
    var part = ""
    var quote: Character?
    for character in text {
      if character == "," && quote == nil {
        parts.append(part.trimmingWhitespace)
        part = ""
        continue
      }
      if character == quote {
        quote = nil
      } else if quote == nil,
        part.allSatisfy({ $0.isWhitespace }) || part.trimmingWhitespace.last == ":",
        character == "'" || character == "\""
      {
        quote = character
      }
      part.append(character)
    }
    parts.append(part.trimmingWhitespace)
    return parts.filter { !$0.isEmpty }
  }

  private static func unquoted(_ text: String) -> String {
    for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote)
    {
      return String(text.dropFirst().dropLast())
    }
    return text
  }

  private func fault(_ message: String) -> AnnotationError {
    AnnotationError(
      path: path, message: message,
      remedy: "Write 'names: [a, b]' there, or a classes.txt with one name per line.")
  }
}
