internal import Media
internal import Pipeline

/// Why a result could not be written.
public struct OutputFailure: Hashable, Sendable, CustomStringConvertible {
  /// A kind of failure.
  public enum Code: String, Hashable, Sendable {
    /// The disk is full, a folder is missing, access is refused, or an encoder failed.
    case writeFailed = "output_failed"
    /// The program that read the output has gone.
    case brokenPipe = "broken_pipe"
  }

  /// The kind of failure.
  public let code: Code
  /// The output, what happened and what to do about it.
  public let message: String

  /// The message.
  public var description: String { message }

  init(_ error: SinkError) {
    code = error.kind == .brokenPipe ? .brokenPipe : .writeFailed
    message = error.message
  }

  init(_ error: MediaError) {
    code = .writeFailed
    message = error.description
  }
}
