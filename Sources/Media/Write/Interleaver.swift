/// Puts the packets of several tracks in the order of their times, as players read them.
///
/// A packet waits until every other track has one, at most as long as the waiting ones span
/// `longest` seconds and hold `mostBytes` bytes: a track may have a picture an hour, or none.
struct Interleaver<Element> {
  private struct Waiting {
    var element: Element
    var time: Double
    var byteCount: Int
  }

  private let longest: Double
  private let mostBytes: Int
  private var tracks: [[Waiting]]
  private var byteCount = 0
  private var latest = -Double.infinity

  init(tracks: Int, longest: Double = 10, mostBytes: Int = 16 << 20) {
    self.tracks = Array(repeating: [], count: max(tracks, 1))
    self.longest = longest
    self.mostBytes = mostBytes
  }

  /// Adds a packet to a track, in which times don't fall, and returns those that need not wait
  /// any longer.
  mutating func add(
    _ element: Element, track: Int, time: Double, byteCount bytes: Int
  ) -> [Element] {
    tracks[track].append(Waiting(element: element, time: time, byteCount: bytes))
    byteCount += bytes
    latest = max(latest, time)
    var ready: [Element] = []
    while let next = earliest(), isReady(next.time) { ready.append(take(from: next.track)) }
    return ready
  }

  /// The packets that still wait, in order.
  mutating func finish() -> [Element] {
    var rest: [Element] = []
    while let next = earliest() { rest.append(take(from: next.track)) }
    return rest
  }

  private func isReady(_ time: Double) -> Bool {
    !tracks.contains(where: \.isEmpty) || byteCount > mostBytes || latest - time > longest
  }

  private func earliest() -> (track: Int, time: Double)? {
    tracks.enumerated().compactMap { index, track in track.first.map { (index, $0.time) } }
      .min { $0.1 < $1.1 }
  }

  private mutating func take(from track: Int) -> Element {
    let taken = tracks[track].removeFirst()
    byteCount -= taken.byteCount
    return taken.element
  }
}
