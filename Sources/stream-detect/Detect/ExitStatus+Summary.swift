internal import Pipeline
internal import StreamDetect

extension ExitStatus {
  /// The status of a run: lost results come first, then the user's own stop, then failed inputs.
  init(_ summary: RunSummary, signal: ExitStatus?) {
    if let error = summary.outputError {
      self = error.kind == .brokenPipe ? .complete : .output
    } else if let signal {
      self = signal
    } else {
      self = ExitStatus(rawValue: summary.exitCode) ?? .internalError
    }
  }
}
