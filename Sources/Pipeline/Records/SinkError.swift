/// Why a sink could not take a result.
public struct SinkError: Error, Hashable, Sendable {
  /// What kind of failure it is; the exit code depends on it.
  public enum Kind: Hashable, Sendable {
    /// The output can't be written: disk full, encoder failed, permission, network.
    case outputFailed
    /// The output can't be written as asked for (an unknown codec, say), however often it is tried.
    case unsupported
    /// The output must not be written: another process is writing it, or it is an input.
    case refused
    /// The reader of standard output has gone (`| head`): a quiet stop.
    case brokenPipe
  }

  /// What kind of failure it is.
  public var kind: Kind
  /// One sentence for people.
  public var message: String

  /// Makes an error from its parts.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
