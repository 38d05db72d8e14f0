/// How often the tracks that ended lately have ended.
struct RecentEndings: Sendable {
  private var counts: [Int: Int] = [:]
  /// In the order in which they ended, in a ring.
  private var order: [Int] = []
  private var next = 0
  /// The most tracks that are remembered.
  private static let most = 4096

  func count(of trackID: Int) -> Int { counts[trackID] ?? 0 }

  mutating func add(_ trackID: Int) {
    let count = count(of: trackID)
    counts[trackID] = count + 1
    guard count == 0 else { return }
    if order.count < Self.most {
      order.append(trackID)
    } else {
      counts[order[next]] = nil
      order[next] = trackID
      next = (next + 1) % Self.most
    }
  }
}
