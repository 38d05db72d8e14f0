/// The sources of the lane of files that are still to be read, and which of them were found to be
/// live.
///
/// An address with HTTP may be a camera's, which mustn't wait until the files before it have been
/// read. So while one file is read, a scout opens those that may be live.
final class LaneBacklog: Sendable {
  /// A source, and the place of its reserve lane.
  struct Entry: Sendable {
    var source: MediaSource
    /// The lane that it gets if it is live; `nil` if it is a file in any case.
    var liveLane: Int?
  }

  private enum Standing {
    /// To be read as a file, as far as is known.
    case waiting
    /// The scout is about to find out.
    case scouted
    /// Read, or live.
    case gone
  }

  private struct State {
    private var entries: [(entry: Entry, standing: Standing)]
    /// Everything before these is gone, or no longer a question for the scout.
    private var first = (next: 0, open: 0)
    var hasScout = false

    init(_ entries: [Entry]) { self.entries = entries.map { ($0, .waiting) } }

    /// `nil` if the scout is at the next one, `.some(nil)` if none is left.
    mutating func next() -> Entry?? {
      while first.next < entries.count, entries[first.next].standing == .gone { first.next += 1 }
      guard first.next < entries.count else { return .some(nil) }
      guard entries[first.next].standing == .waiting else { return nil }
      entries[first.next].standing = .gone
      return entries[first.next].entry
    }

    /// Whether a source that may be live waits.
    mutating func hasOpen() -> Bool {
      // One that doesn't wait, or isn't in question, will never be.
      while first.open < entries.count,
        entries[first.open].standing != .waiting || entries[first.open].entry.liveLane == nil
      {
        first.open += 1
      }
      return first.open < entries.count
    }

    mutating func nextOpen() -> (index: Int, entry: Entry)? {
      guard hasOpen() else { return nil }
      entries[first.open].standing = .scouted
      return (first.open, entries[first.open].entry)
    }

    /// Notes what the scout found: a scouted source is in question no longer.
    mutating func settle(_ index: Int, isLive: Bool) {
      if !isLive { entries[index].entry.liveLane = nil }
      entries[index].standing = isLive ? .gone : .waiting
    }
  }

  private let state: Monitor<State>

  init(_ entries: [Entry]) {
    state = Monitor(State(entries))
  }

  /// The next source to read as a file, unless it turns out to be live; `nil` after the last.
  ///
  /// Waits while the scout is at it.
  func next() -> Entry? { state.wait { $0.next() } }

  /// Whether a scout is needed; it is started once.
  func needsScout() -> Bool {
    state.update { state in
      let isNeeded = !state.hasScout && state.hasOpen()
      if isNeeded { state.hasScout = true }
      return isNeeded
    }
  }

  /// Calls `isLive` with each source that may be live and that waits; returns when none is left.
  func scout(_ isLive: (Entry) -> Bool) {
    while let (index, entry) = state.update({ $0.nextOpen() }) {
      let leaves = isLive(entry)
      state.update { $0.settle(index, isLive: leaves) }
    }
  }
}
