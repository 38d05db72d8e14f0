internal import Pipeline

/// Which pictures of tracks have been written, and when: told by the sink that writes them, asked
/// by the one that names them.
///
/// Both sinks get the same frames and ends of sources in the same order, so the number of such a
/// record is a time that they share: an answer depends on what was written up to a record, and not
/// on which sink is ahead.
public final class SnapshotLog: Sendable {
  private struct State {
    /// How many records the writer has handled.
    var handled = 0
    /// Whether the writer has failed and will handle no other record.
    var isClosed = false
    /// The pictures by source and track, each with the record during which it was first written.
    var pictures: [String: [Int: (path: String, record: Int)]] = [:]
  }

  private let state = Monitor(State())

  /// Creates a log of a run that has not begun.
  public init() {}

  /// A picture of a track is there.
  func add(_ path: String, ofTrack id: Int, in source: String) {
    state.update { state in
      guard state.pictures[source]?[id] == nil else { return }
      state.pictures[source, default: [:]][id] = (path, state.handled + 1)
    }
  }

  /// The writer has handled one more record.
  func advance() { state.update { $0.handled += 1 } }

  /// The writer has failed.
  func close() { state.update { $0.isClosed = true } }

  /// Forgets the tracks of a source that aren't wanted any more.
  func keep(_ source: String, where isWanted: (_ track: Int) -> Bool) {
    state.update { $0.pictures[source] = $0.pictures[source]?.filter { isWanted($0.key) } }
  }

  /// Forgets what was written of a source up to a record.
  func forget(_ source: String, upTo record: Int) {
    state.update { state in
      let rest = state.pictures[source]?.filter { $0.value.record > record } ?? [:]
      state.pictures[source] = rest.isEmpty ? nil : rest
    }
  }

  /// The picture of a track that was written up to a record; waits until the writer has handled it.
  func path(ofTrack id: Int, in source: String, upTo record: Int) -> String? {
    state.wait { state -> String?? in
      guard state.isClosed || state.handled >= record else { return nil }
      let picture = state.pictures[source]?[id]
      return .some(picture.flatMap { $0.record <= record ? $0.path : nil })
    }
  }
}
