/// What the pipeline does for a sink that is slow or fails.
public struct SinkPolicy: Hashable, Sendable {
  /// What a failure of the sink means.
  public enum Failure: Hashable, Sendable {
    /// Its results are required: a failure ends the run.
    case endsRun
    /// The run goes on without it, and it is tried again after delays like those of a lost source.
    case keepsTrying(ReconnectPolicy)
  }

  /// What a failure of the sink means.
  public var failure: Failure
  /// What happens to a frame when the sink's queue is full; starts, gaps and ends always wait for
  /// room.
  public var whenFull: QueuePolicy

  /// A file that was asked for: every frame waits for it, and a failure ends the run.
  public static let required = SinkPolicy(failure: .endsRun, whenFull: .block)

  /// Makes a policy from its parts.
  public init(failure: Failure, whenFull: QueuePolicy) {
    self.failure = failure
    self.whenFull = whenFull
  }
}
