internal import Download

extension ExitStatus {
  /// The status of a download that failed.
  init(_ error: DownloadError) {
    self =
      switch error.code {
      case .invalidAddress, .inUse: .usage
      case .writeFailed, .diskFull: .output
      // A stop has a status of its own, that of the signal.
      case .cancelled: .interrupted
      case _ where error.isTransient: .transientFailure
      default: .model
      }
  }
}
