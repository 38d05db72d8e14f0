package import Pipeline
internal import Output
internal import Support

/// The sources that a worker has to do, shared by the thread that reads them, the one that writes
/// their results and the one that handles signals.
package final class BatchWork: Sendable {
  /// How many sources ended in which way.
  package struct Tally: Hashable, Sendable {
    /// Those with a whole result.
    package var complete = 0
    /// Those with a result that lacks something, for good.
    package var damaged = 0
    /// Those that failed for good.
    package var failed = 0
    /// Those that failed and may succeed later.
    package var transient = 0
    /// Those that another worker did meanwhile.
    package var elsewhere = 0
    /// Those that were in work when the worker was stopped.
    package var stopped = 0
  }

  private struct State {
    var claims: [String: ResultClaim] = [:]
    var tally = Tally()
    var inUse: [BatchItem] = []
    var isEnding = false
    var error: SinkError?
  }

  /// Where results go.
  package let store: BatchStore
  private let items: [String: BatchItem]
  private let retriesFailed: Bool
  private let state = Locked(State())

  /// Shares out `items`; those that failed for good are done again only if asked for.
  package init(_ items: [BatchItem], in store: BatchStore, retriesFailed: Bool) {
    self.items = Dictionary(items.map { ($0.id, $0) }) { first, _ in first }
    self.store = store
    self.retriesFailed = retriesFailed
  }

  /// How many sources ended in which way so far.
  package var tally: Tally { state.withLock { $0.tally } }

  /// The sources that another worker had when their turn came, since the last call.
  package func takeInUse() -> [BatchItem] {
    state.withLock { state in
      defer { state.inUse = [] }
      return state.inUse
    }
  }

  /// Why a source could not be claimed, if that ended the work.
  package var error: SinkError? { state.withLock { $0.error } }

  /// Whether no other source is begun.
  package var isEnding: Bool { state.withLock { $0.isEnding } }

  /// Has no other source begun; those in work go on.
  package func end() { state.withLock { $0.isEnding = true } }

  /// Whether a source is to be read now: claims it if it is still to be done and free.
  package func admits(_ id: String) -> Bool {
    guard !isEnding, let item = items[id] else { return false }
    guard isOpen(item) else {
      state.withLock { $0.tally.elsewhere += 1 }
      return false
    }
    do {
      let claim = try ResultClaim(item, in: store)
      // Another worker may have finished it before the claim.
      guard isOpen(item) else {
        claim.discard()
        state.withLock { $0.tally.elsewhere += 1 }
        return false
      }
      state.withLock { $0.claims[item.id] = claim }
      return true
    } catch let error as FileError where error.isInUse {
      state.withLock { $0.inUse.append(item) }
    } catch {
      let error =
        (error as? SinkError) ?? (error as? FileError).map { SinkError($0) }
        ?? SinkError(.outputFailed, "\(error)")
      state.withLock { state in
        state.error = state.error ?? error
        state.isEnding = true
      }
    }
    return false
  }

  /// Takes those out of `items` that no other worker has any more and that are still to be done;
  /// what has been done meanwhile is taken out and counted.
  package func free(among items: inout [BatchItem]) -> [BatchItem] {
    var free: [BatchItem] = []
    items = items.filter { item in
      guard isOpen(item) else {
        state.withLock { $0.tally.elsewhere += 1 }
        return false
      }
      guard let claim = try? ResultClaim(item, in: store) else { return true }
      claim.discard()
      free.append(item)
      return false
    }
    return free
  }

  private func isOpen(_ item: BatchItem) -> Bool {
    switch store.standings(of: [item]).first ?? .open {
    case .open: true
    case .done: false
    case .failed: retriesFailed
    }
  }

  /// The claim of a source that was admitted.
  func claim(of id: String) -> ResultClaim? { state.withLock { $0.claims[id] } }

  /// Forgets a source that has ended, and counts it.
  func settle(_ id: String, _ count: (inout Tally) -> Void) {
    state.withLock { state in
      state.claims[id] = nil
      count(&state.tally)
    }
  }

  /// Throws away what was written of sources that have not ended.
  package func discardOpen() {
    let claims = state.withLock { state in
      defer { state.claims = [:] }
      return Array(state.claims.values)
    }
    for claim in claims { claim.discard() }
  }
}
