/// What one output of a run has written and missed.
public struct OutputReport: Hashable, Sendable {
  /// The sink's name.
  public var name: String
  /// Frames that it took.
  public var written = 0
  /// Frames that it missed because its queue was full, or while it was tried again; those after a
  /// failure that ended the run aren't counted.
  public var missed = 0
  /// How many of its calls failed.
  public var failures = 0
  /// Its latest error.
  public var error: SinkError?

  /// Makes a report without frames.
  public init(name: String) {
    self.name = name
  }
}
