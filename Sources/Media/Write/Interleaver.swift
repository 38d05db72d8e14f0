/// Puts the packets of several tracks in the order of their times, as players read them.
///
/// A packet waits until every other track has one, at most as long as the waiting ones span
/// `longest` seconds and hold `mostBytes` bytes: a track may have a picture an hour, or none.
package struct Interleaver<Element> {
  private struct Waiting {
    var element: Element
    var time: Double
    var byteCount: Int
  }

  private let longest: Double
  private let mostBytes: Int
  /// What waits in one track; the places before the head are given back now and then.
  private struct Track {
    private var entries: [Waiting?] = []
    private var head = 0

    var first: Waiting? { head < entries.count ? entries[head] : nil }

    mutating func append(_ entry: Waiting) { entries.append(entry) }

    mutating func removeFirst() {
      entries[head] = nil
      head += 1
      if head == entries.count || head > 256 && 2 * head > entries.count {
        entries.removeFirst(head)
        head = 0
      }
    }
  }

  private var tracks: [Track]
  private var byteCount = 0
  private var latest = -Double.infinity

  /// Creates an empty one for `tracks` tracks, 0 and up.
  package init(tracks: Int, longest: Double = 10, mostBytes: Int = 16 << 20) {
    self.tracks = Array(repeating: Track(), count: max(tracks, 1))
    self.longest = longest
    self.mostBytes = mostBytes
  }

  /// Adds a packet to a track, in which times don't fall, and returns those that need not wait
  /// any longer.
  package mutating func add(
    _ element: Element, track: Int, time: Double, byteCount bytes: Int
  ) -> [Element] {
    tracks[track].append(Waiting(element: element, time: time, byteCount: bytes))
    byteCount += bytes
    latest = max(latest, time)
    var ready: [Element] = []
    while let next = earliest(), isReady(next.first.time) { ready.append(take(next)) }
    return ready
  }

  /// The packets that still wait, in order.
  package mutating func finish() -> [Element] {
    var rest: [Element] = []
    while let next = earliest() { rest.append(take(next)) }
    return rest
  }

  private func isReady(_ time: Double) -> Bool {
    !tracks.contains { $0.first == nil } || byteCount > mostBytes || latest - time > longest
  }

  /// The track whose first packet is the earliest, and that packet.
  private func earliest() -> (track: Int, first: Waiting)? {
    var found: (track: Int, first: Waiting)?
    for index in tracks.indices {
      guard let first = tracks[index].first, first.time < found?.first.time ?? .infinity else {
        continue
      }
      found = (index, first)
    }
    return found
  }

  private mutating func take(_ next: (track: Int, first: Waiting)) -> Element {
    tracks[next.track].removeFirst()
    byteCount -= next.first.byteCount
    return next.first.element
  }
}
