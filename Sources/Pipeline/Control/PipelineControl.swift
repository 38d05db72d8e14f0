internal import Support

/// Stops a run and reports its progress, from any thread.
public final class PipelineControl: Sendable {
  private enum Phase: Comparable {
    case running
    case stopping
    case cancelled
  }

  private struct State {
    var phase = Phase.running
    var wasAsked = false
    var nextWatcher = 0
    var watchers: [Int: @Sendable () -> Void] = [:]
  }

  private let state = Locked(State())
  let meter = ProgressMeter()

  /// Makes a control for a single run that has yet to start.
  public init() {}

  /// Stops the run, in two steps.
  ///
  /// After the first call, frames that were decoded are still analysed and written; after the
  /// second they are dropped. Either way every source gets its end record, with balanced counts.
  ///
  /// Returns at once. May also be called before the run. Takes a lock, so call it from a dispatch
  /// signal source rather than from a signal handler.
  public func stop() {
    advance { state in
      state.wasAsked = true
      return state.phase == .running ? .stopping : .cancelled
    }
  }

  /// Whether the run was stopped or cancelled.
  public var isStopping: Bool { state.withLock { $0.phase > .running } }

  /// The progress of the run.
  public func progress() -> PipelineProgress { meter.progress() }

  /// Whether frames that wait are dropped.
  var isCancelled: Bool { state.withLock { $0.phase == .cancelled } }

  /// Whether `stop` was called, rather than a sink having failed.
  var wasAskedToStop: Bool { state.withLock { $0.wasAsked } }

  /// Stops as the first call of `stop` does, however often it is called.
  func drain() { advance { max($0.phase, .stopping) } }

  /// Drops frames that wait, because their results can't be written any more.
  func cancel() { advance { _ in .cancelled } }

  /// Runs `body`; calls `action` as soon as the run is stopped meanwhile, or first if it already
  /// is.
  func withStopAction<Result, Failure: Error>(
    _ action: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let (watcher, isTooLate) = state.withLock { state in
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = action
      return (state.nextWatcher, state.phase > .running)
    }
    defer { state.withLock { _ = $0.watchers.removeValue(forKey: watcher) } }
    if isTooLate { action() }
    return try body()
  }

  private func advance(_ next: (inout State) -> Phase) {
    let actions = state.withLock { state in
      state.phase = next(&state)
      return Array(state.watchers.values)
    }
    for action in actions { action() }
  }
}
