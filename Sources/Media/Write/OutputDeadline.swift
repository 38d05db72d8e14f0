import CFFmpeg
import Synchronization

/// Aborts FFmpeg calls that block on a dead network for too long.
final class OutputDeadline: Sendable {
  /// Seconds that one call may take.
  let seconds: Double
  private let end = Atomic<Int64>(Int64.max)

  init(seconds: Double) {
    self.seconds = seconds
  }

  /// Runs `body` with this time limit.
  func limit<Result>(_ body: () -> Result) -> Result {
    let microseconds = Int64(min(max(seconds, 0.001), 1e9) * 1e6)
    end.store(av_gettime_relative() + microseconds, ordering: .relaxed)
    defer { end.store(Int64.max, ordering: .relaxed) }
    return body()
  }

  /// Whether the current call has taken too long.
  var isOver: Bool { av_gettime_relative() > end.load(ordering: .relaxed) }

  /// The callback that FFmpeg polls while it blocks; valid while this object exists.
  var callback: AVIOInterruptCB {
    unsafe AVIOInterruptCB(
      callback: { opaque in
        guard let opaque = unsafe opaque else { return 0 }
        let deadline = unsafe Unmanaged<OutputDeadline>.fromOpaque(opaque).takeUnretainedValue()
        return deadline.isOver ? 1 : 0
      }, opaque: Unmanaged.passUnretained(self).toOpaque())
  }
}
