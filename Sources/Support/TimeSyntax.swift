/// A span of time as ffmpeg writes it: `[HH:]MM:SS[.m…]` or `S[.m…][s|ms|us]`, never negative.
package struct TimeSpan: Hashable {
  /// Length in seconds.
  package var seconds: Double

  package init(seconds: Double) { self.seconds = seconds }

  /// Parses `text`; `nil` if it isn't a time.
  package init?(_ text: String) {
    guard let seconds = text.contains(":") ? Self.clock(text) : Self.amount(text),
      seconds.isFinite, seconds < 1e9
    else { return nil }
    self.seconds = seconds
  }

  private static func clock(_ text: String) -> Double? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let seconds = decimal(parts[parts.count - 1]),
      let minutes = whole(parts[parts.count - 2]), seconds < 60, minutes < 60
    else { return nil }
    guard parts.count == 3 else { return minutes * 60 + seconds }
    guard let hours = whole(parts[0]) else { return nil }
    return hours * 3600 + minutes * 60 + seconds
  }

  private static func amount(_ text: String) -> Double? {
    let units: [(suffix: String, seconds: Double)] = [("ms", 1e-3), ("us", 1e-6), ("s", 1)]
    for unit in units where text.hasSuffix(unit.suffix) {
      return decimal(text.dropLast(unit.suffix.count)).map { $0 * unit.seconds }
    }
    return decimal(text[...])
  }

  private static func whole(_ text: Substring) -> Double? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Double(text)
  }

  /// Digits with at most one point: `Double` alone would also accept "1e3", "nan" and "0x10".
  private static func decimal(_ text: Substring) -> Double? {
    let isDecimal = text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
    return isDecimal ? Double(text) : nil
  }
}

/// A range of waiting times, `1s..30s`.
package struct TimeRange: Hashable {
  /// First and longest wait in seconds.
  package var first: Double
  package var longest: Double

  package init(first: Double, longest: Double) {
    self.first = first
    self.longest = longest
  }

  /// Parses `first..longest`, or a single time that is used for both; `nil` if it is neither.
  package init?(_ text: String) {
    guard let dots = firstDots(in: text) else {
      guard let both = TimeSpan(text) else { return nil }
      (first, longest) = (both.seconds, both.seconds)
      return
    }
    guard let first = TimeSpan(String(text[..<dots.lowerBound])),
      let longest = TimeSpan(String(text[dots.upperBound...])), first.seconds <= longest.seconds
    else { return nil }
    (self.first, self.longest) = (first.seconds, longest.seconds)
  }
}

private func firstDots(in text: String) -> Range<String.Index>? {
  guard let start = text.indices.first(where: { text[$0...].hasPrefix("..") }) else { return nil }
  return start..<text.index(start, offsetBy: 2)
}
