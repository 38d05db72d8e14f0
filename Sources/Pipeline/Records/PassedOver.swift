/// The files in folders that aren't read, because they are no media that FFmpeg reads.
public struct PassedOver: Hashable, Sendable {
  /// How many there are of each suffix, in lower case and without the dot; "" for none.
  public private(set) var files: [String: Int] = [:]
  /// Folders that were not searched: those in a folder without `isRecursive`, and links.
  public internal(set) var folders = 0

  /// Nothing passed over.
  public init() {}

  /// Whether every file and folder was looked into.
  public var isEmpty: Bool { files.isEmpty && folders == 0 }

  /// Counts a file with this suffix.
  mutating func add(suffix: String) { files[suffix, default: 0] += 1 }

  static func += (total: inout PassedOver, part: PassedOver) {
    total.files.merge(part.files, uniquingKeysWith: +)
    total.folders += part.folders
  }
}
