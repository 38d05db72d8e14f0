internal import Support

/// Stops one run and looks at how far it is, from any thread.
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

  /// A control for a run that has yet to start; one that has stopped stays so.
  public init() {}

  /// Stops the run, by degrees.
  ///
  /// The first time what was decoded is still looked at and written, the second time it is dropped.
  /// Either way every source gets its end record, with balanced counts.
  ///
  /// Returns at once. May be called before the run too. Takes a lock, so call it from a dispatch
  /// signal source rather than from a signal handler.
  public func stop() {
    advance { state in
      state.wasAsked = true
      return state.phase == .running ? .stopping : .cancelled
    }
  }

  /// Whether the run is about to end early.
  public var isStopping: Bool { state.withLock { $0.phase > .running } }

  /// How far the run is.
  public func progress() -> PipelineProgress { meter.progress() }

  /// Whether frames that wait are to be dropped.
  var isCancelled: Bool { state.withLock { $0.phase == .cancelled } }

  /// Whether somebody called `stop`, rather than a sink having failed.
  var wasAskedToStop: Bool { state.withLock { $0.wasAsked } }

  /// Stops as a first `stop` does, however often it is called.
  func drain() { advance { max($0.phase, .stopping) } }

  /// Drops what waits, since nobody can take it any more.
  func cancel() { advance { _ in .cancelled } }

  /// Runs `body`, and `action` as soon as the run stops meanwhile, or at once where it has.
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
