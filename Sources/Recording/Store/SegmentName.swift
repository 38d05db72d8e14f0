import Foundation
import Support

/// The name of a segment: when it began, in UTC, as a path below its camera's folder.
///
/// `2026-11-29/15/47-36.250.mp4` began at 15:47:36.250. Another one that would have the same name,
/// because the clock was set back, is called `47-36.250-2.mp4`.
struct SegmentName: Hashable, Comparable {
  /// Milliseconds since 1970.
  let milliseconds: Int64
  /// 1, or more for those that would have the same name.
  let copy: UInt16

  init(milliseconds: Int64, copy: UInt16 = 1) {
    self.milliseconds = milliseconds
    self.copy = copy
  }

  /// The name of a segment that begins at `date`.
  init(_ date: Date, copy: UInt16 = 1) {
    let seconds = date.timeIntervalSince1970
    let bounded = seconds.isFinite ? min(max(seconds, 0), 253_402_300_799) : 0
    self.init(milliseconds: Int64((bounded * 1000 + 0.001).rounded(.down)), copy: copy)
  }

  /// Reads a path as `path` writes it.
  init?(_ path: String) {
    let parts = PathText.components(of: path)
    guard parts.count == 3, parts[2].utf8.count >= 13, parts[2].hasSuffix(Self.suffix) else {
      return nil
    }
    let name = parts[2].dropLast(Self.suffix.utf8.count)
    let time = name.prefix(9).replacing("-", with: ":")
    guard let date = Timestamp.date("\(parts[0])T\(parts[1]):\(time)Z") else { return nil }
    let rest = name.dropFirst(9)
    var copy: UInt16 = 1
    if !rest.isEmpty {
      guard rest.first == "-", let number = UInt16(rest.dropFirst()), number > 1 else { return nil }
      copy = number
    }
    self.init(date, copy: copy)
    guard self.path == path else { return nil }
  }

  static let suffix = ".mp4"

  /// When the segment began.
  var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

  /// The folder of its hour, below the camera's folder.
  var folder: String {
    let text = Timestamp.text(date)
    return "\(text.prefix(10))/\(text.dropFirst(11).prefix(2))"
  }

  /// The folder of its day.
  var day: String { String(Timestamp.text(date).prefix(10)) }

  /// The path below the camera's folder.
  var path: String {
    let time = Timestamp.text(date).dropFirst(14).prefix(9).replacing(":", with: "-")
    return "\(folder)/\(time)\(copy > 1 ? "-\(copy)" : "")\(Self.suffix)"
  }

  static func < (a: Self, b: Self) -> Bool {
    (a.milliseconds, a.copy) < (b.milliseconds, b.copy)
  }
}
