internal import Support
internal import Yams

/// Reads a YAML file; JSON is YAML, too.
///
/// Files have limits, so that none can take much time or memory: `maximumBytes`, `maximumAliases`,
/// and a thousand levels, which is libyaml's own.
enum SettingsFile {
  /// The largest file.
  static let maximumBytes = 1 << 20
  /// The most aliases (`*name`): each may double what an earlier one stands for.
  static let maximumAliases = 16

  /// The root of the file at `path`.
  ///
  /// - Throws: `ConfigurationError` if it can't be read, with line and column for what isn't YAML.
  static func read(_ path: String) throws(ConfigurationError) -> Setting {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileBytes.read(path, most: maximumBytes)
    } catch {
      throw ConfigurationError(error, path: path)
    }
    return try parse(bytes, path: path)
  }

  /// The root of a file with these bytes; errors name it `path`.
  static func parse(_ bytes: [UInt8], path: String) throws(ConfigurationError) -> Setting {
    guard bytes.count <= maximumBytes else { throw .tooLarge(path) }
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let content = bytes.starts(with: mark) ? bytes[3...] : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      throw ConfigurationError(
        path, "It isn't text in UTF-8.", remedy: "Save it as UTF-8.")
    }
    guard aliases(in: content) <= maximumAliases else {
      throw ConfigurationError(
        path, "It has more than \(maximumAliases) aliases (*name).",
        remedy: "Write the values themselves.")
    }
    do {
      guard let root = try Parser(yaml: text, encoding: .utf8).singleRoot() else {
        throw ConfigurationError(
          path, "It is empty.", remedy: "Give it the key 'zones' or 'lines'.")
      }
      return Setting(node: root, path: path, name: "")
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError(any: error, path: path)
    }
  }

  /// How many aliases there are at most: stars where a value may begin, with a name.
  private static func aliases(in text: ArraySlice<UInt8>) -> Int {
    var count = 0
    var before = UInt8(ascii: "\n")
    var isAfterStar = false
    for byte in text {
      if isAfterStar, byte > 0x20 { count += 1 }
      isAfterStar = byte == UInt8(ascii: "*") && " \t\r\n[]{},:-?\u{FEFF}".utf8.contains(before)
      before = byte
    }
    return count
  }
}

extension ConfigurationError {
  fileprivate static func tooLarge(_ path: String) -> ConfigurationError {
    ConfigurationError(
      path, "It is larger than \(SettingsFile.maximumBytes >> 20) MiB.",
      remedy: "Check that it is the right file.")
  }

  fileprivate init(_ failure: FileError, path: String) {
    if failure.isTimedOut {
      self.init(
        failure.path, "\(failure.reason).",
        remedy: "Check the drive and its network, then try again.",
        isTransient: true)
    } else if failure.isTooLarge {
      self = .tooLarge(path)
    } else {
      self.init(
        path, "The file cannot be read (\(failure.reason)).",
        remedy: "Check its path, and that you may read it.")
    }
  }

  /// The error for one of the parser.
  fileprivate init(any error: any Error, path: String) {
    let remedy = "Check the indentation and the brackets there."
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      // The parser's own words speak to programmers.
      let problem =
        problem.contains("nest_level") ? "it has too many levels" : UnsafeText.escaped(problem)
      self.init("\(path):\(mark)", "It isn't YAML: \(problem).", remedy: remedy)
    case .duplicatedKeysInMapping(let names, let context):
      self.init(
        "\(path):\(context.mark)",
        "The key '\(UnsafeText.escaped(names.first ?? ""))' is given twice.",
        remedy: "Leave one out.")
    case .reader(let problem, _, _, _):
      self.init(path, "It isn't YAML: \(UnsafeText.escaped(problem)).", remedy: "Save it as text.")
    default:
      self.init(path, "It isn't YAML.", remedy: remedy)
    }
  }
}
