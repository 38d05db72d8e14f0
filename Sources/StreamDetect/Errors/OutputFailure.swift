internal import Media
internal import Pipeline

/// Why a result could not be written.
public struct OutputFailure: Hashable, Sendable, CustomStringConvertible {
  /// A kind of failure.
  public enum Code: String, Hashable, Sendable {
    /// The disk is full, a folder is missing, access is refused, or an encoder failed.
    case writeFailed = "output_failed"
    /// Another process is writing the output, or it is one of the inputs.
    case refused = "output_refused"
    /// The program that read standard output has gone.
    case brokenPipe = "broken_pipe"
  }

  /// The kind of failure.
  public let code: Code
  /// The output, what happened and what to do about it.
  public let message: String

  /// The message.
  public var description: String { message }

  init(_ error: SinkError) {
    code =
      switch error.kind {
      case .brokenPipe: .brokenPipe
      case .refused: .refused
      case .outputFailed, .unsupported: .writeFailed
      }
    message = error.message
  }

  init(_ error: MediaError) {
    code = .writeFailed
    message = error.description
  }
}
