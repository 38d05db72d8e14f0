internal import Pipeline

extension ExitStatus {
  /// The status of a run.
  ///
  /// Lost results take precedence, then a stop by the user. Transient failures of inputs win over
  /// permanent ones: running again may fix them, and reports the permanent ones again.
  init(_ summary: RunSummary, signal: ExitStatus?) {
    if let error = summary.outputError {
      self = error.kind == .brokenPipe ? .complete : .output
    } else if let signal {
      self = signal
    } else if summary.transientFailures > 0 {
      self = .transientFailure
    } else {
      self = summary[.failed] + summary[.truncated] > 0 ? .badInput : .complete
    }
  }
}
