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
    var entries: [(entry: Entry, standing: Standing)]
    var hasScout = false

    /// `nil` if the scout is at the next one, `.some(nil)` if none is left.
    mutating func next() -> Entry?? {
      guard let index = entries.firstIndex(where: { $0.standing != .gone }) else {
        return .some(nil)
      }
      guard entries[index].standing == .waiting else { return nil }
      entries[index].standing = .gone
      return entries[index].entry
    }

    mutating func nextOpen() -> (index: Int, entry: Entry)? {
      guard
        let index = entries.firstIndex(where: {
          $0.standing == .waiting && $0.entry.liveLane != nil
        })
      else { return nil }
      entries[index].standing = .scouted
      return (index, entries[index].entry)
    }
  }

  private let state: Monitor<State>

  init(_ entries: [Entry]) {
    state = Monitor(State(entries: entries.map { ($0, .waiting) }))
  }

  /// The next source to read as a file, unless it turns out to be live; `nil` after the last.
  ///
  /// Waits while the scout is at it.
  func next() -> Entry? { state.wait { $0.next() } }

  /// Whether a scout is needed; it is started once.
  func needsScout() -> Bool {
    state.update { state in
      let isNeeded =
        !state.hasScout
        && state.entries.contains { $0.standing == .waiting && $0.entry.liveLane != nil }
      if isNeeded { state.hasScout = true }
      return isNeeded
    }
  }

  /// Calls `isLive` with each source that may be live and that waits; returns when none is left.
  func scout(_ isLive: (Entry) -> Bool) {
    while let (index, entry) = state.update({ $0.nextOpen() }) {
      var found = entry
      let leaves = isLive(entry)
      // Whatever it is, the scout doesn't come back to it.
      found.liveLane = leaves ? entry.liveLane : nil
      state.update { $0.entries[index] = (found, leaves ? .gone : .waiting) }
    }
  }
}
