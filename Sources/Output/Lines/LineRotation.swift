internal import Foundation
internal import Support

/// When a file of JSON lines that grows is put aside, and a new one begun under its name.
public struct LineRotation: Hashable, Sendable {
  /// How many bytes the file may have; a single line may be longer.
  public var bytes: Int?
  /// The length of the spans of time, counted from midnight UTC of 1970-01-01, that have a file
  /// each: with 3600 a file for each hour of the clock.
  public var seconds: Int?

  /// Makes a rule of one limit, or of two of which the first that is reached counts.
  public init(bytes: Int? = nil, seconds: Int? = nil) {
    self.bytes = bytes
    self.seconds = seconds
  }

  /// Whether a file of `size` bytes that was begun at a time is put aside before `count` more bytes
  /// are added.
  func isDue(size: Int, adding count: Int, begun: Date, now: Date = Date()) -> Bool {
    if let bytes, size + count > bytes { return true }
    guard let seconds, seconds > 0 else { return false }
    func span(_ date: Date) -> Double {
      (date.timeIntervalSince1970 / Double(seconds)).rounded(.down)
    }
    return span(begun) != span(now)
  }

  /// The paths for what is put aside, the first that is free counts: `day.jsonl`, begun at a time,
  /// becomes `day.20261128T170000Z.jsonl`, or `day.20261128T170000Z-2.jsonl`.
  static func names(for path: String, begun: Date) -> some Sequence<String> {
    let name = PathText.name(of: path)
    let digits = Timestamp.text(begun).utf8.prefix(19).filter { (48...57).contains($0) || $0 == 84 }
    let time = String(decoding: digits, as: UTF8.self) + "Z"
    // A dot at the start hides a file, and begins no suffix.
    let dot = name.utf8.dropFirst().lastIndex(of: UInt8(ascii: "."))
    let (stem, suffix) = dot.map { (name[..<$0], name[$0...]) } ?? (name[...], "")
    let folder = PathText.parent(of: path)
    return (1...).lazy.map { number in
      PathText.join(folder, "\(stem).\(time)\(number == 1 ? "" : "-\(number)")\(suffix)")
    }
  }
}
