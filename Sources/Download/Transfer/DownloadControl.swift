internal import Support

/// Stops a download and tells how far it is, from any thread.
package final class DownloadControl: Sendable {
  /// How far a download is.
  package struct Progress: Hashable, Sendable {
    /// Bytes that are there, with those of earlier runs.
    package var received = 0
    /// Bytes of the whole file; `nil` if the server doesn't say.
    package var total: Int?
    /// Bytes that this run has received.
    package var receivedNow = 0
  }

  private let state = Locked(Progress())
  private let stopped: @Sendable () -> Bool

  /// Makes the control of one download; `isStopped` is asked often.
  package init(isStopped: @escaping @Sendable () -> Bool = { false }) { stopped = isStopped }

  /// Whether the download is to stop.
  package var isStopped: Bool { stopped() }

  /// How far it is.
  package var progress: Progress { state.withLock { $0 } }

  func begin(received: Int, total: Int?) {
    state.withLock { ($0.received, $0.total) = (received, total) }
  }

  func add(_ count: Int) {
    state.withLock { progress in
      progress.received += count
      progress.receivedNow += count
    }
  }
}
