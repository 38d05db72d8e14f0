internal import Pipeline
internal import StreamDetect

extension ExitStatus {
  /// The status of a run: lost results come first, then the user's own stop, then failed inputs.
  init(_ summary: RunSummary, signal: ExitStatus?) {
    if let error = summary.outputError {
      self = ExitStatus(error)
    } else if let signal {
      self = signal
    } else {
      self = ExitStatus(rawValue: summary.exitCode) ?? .internalError
    }
  }

  /// The status of a failed output.
  init(_ error: SinkError) {
    self =
      switch error.kind {
      case .brokenPipe: .complete
      case .refused: .usage
      case .outputFailed, .unsupported: .output
      }
  }
}
