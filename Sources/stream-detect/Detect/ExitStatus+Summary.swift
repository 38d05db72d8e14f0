internal import Pipeline

extension ExitStatus {
  /// The status of a run.
  ///
  /// Lost results come first, then the user's own stop. Of failed inputs, transient ones win over
  /// permanent ones: running again gets the transient ones, and names the others again.
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
