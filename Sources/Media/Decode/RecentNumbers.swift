/// The latest of the numbers of packets that something was noted about, which mostly rise.
struct RecentNumbers {
  private var numbers: [Int] = []

  /// So many are kept at least; twice as many at most.
  private static let kept = 5_000

  mutating func add(_ number: Int) {
    // The oldest go, in one piece, since a source may be damaged for hours.
    if numbers.count >= 2 * Self.kept { numbers.removeFirst(Self.kept) }
    numbers.append(number)
  }

  /// Whether one of the latest is at most `reach` from `number`.
  func isNear(_ number: Int, reach: Int) -> Bool {
    numbers.suffix(4 * reach).contains { abs($0 - number) <= reach }
  }

  /// Whether one of those that are kept is less than `number`.
  func hasAny(below number: Int) -> Bool { numbers.contains { $0 < number } }
}
