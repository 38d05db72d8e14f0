internal import Foundation
internal import Support

/// The text of a list of sources, from a file, a pipe or standard input.
enum ListText {
  /// The most bytes of a list: a million sources.
  static let largest = 64 << 20

  /// Whether a list's name stands for standard input: `-`, `/dev/stdin` and the like.
  static func isStandardInput(_ name: String) -> Bool {
    ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"].contains(name)
  }

  /// Whether the list is a manifest: JSON lines rather than one argument a line.
  ///
  /// The name of a file says so, `X.jsonl`. A pipe's and standard input's say nothing, so there
  /// the first line decides.
  static func isManifest(_ name: String, text: some StringProtocol) -> Bool {
    if name.lowercased().hasSuffix(".jsonl") { return true }
    guard isStandardInput(name) || name.utf8.starts(with: "/dev/fd/".utf8) else { return false }
    return text.utf8.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
  }

  /// The bytes of a list.
  ///
  /// - Throws: `FileError` if they can't be read, or are more than `largest`.
  static func bytes(of name: String) throws(FileError) -> [UInt8] {
    isStandardInput(name)
      ? try FileBytes.read(descriptor: STDIN_FILENO, path: name, most: largest)
      : try FileBytes.read(name, most: largest)
  }
}
