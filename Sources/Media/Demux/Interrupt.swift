import CFFmpeg
import Synchronization

/// What libav asks, again and again inside every call that can block, whether to give up.
///
/// Without it `av_read_frame` waits for hours on a camera that lost its power.
final class Interrupt: Sendable {
  /// What the reader was doing when the time ran out.
  enum Phase {
    case opening
    case reading
  }

  private let cancellation: Cancellation
  /// Microseconds of `av_gettime_relative`; `Int64.max` for none.
  private let deadline = Atomic<Int64>(.max)
  private let hasTripped = Atomic<Bool>(false)

  init(_ cancellation: Cancellation) { self.cancellation = cancellation }

  /// Lets calls take `seconds` from now; zero, less, or no finite number means for ever.
  func arm(seconds: Double) {
    hasTripped.store(false, ordering: .relaxed)
    let span = (seconds * 1_000_000).rounded(.up)
    guard span > 0, span < 1e15 else { return disarm() }
    deadline.store(av_gettime_relative() + Int64(span), ordering: .relaxed)
  }

  /// Lets calls take for ever.
  func disarm() { deadline.store(.max, ordering: .relaxed) }

  private var isLate: Bool { av_gettime_relative() > deadline.load(ordering: .relaxed) }

  /// Whether a blocking call must return now; notes it if so.
  func shouldStop() -> Bool {
    guard cancellation.isCancelled || isLate else { return false }
    hasTripped.store(true, ordering: .relaxed)
    return true
  }

  /// Whether a call was told to stop since the time was last set.
  ///
  /// Such a call may still succeed, with what it had, and leave the connection dead.
  var hasStopped: Bool { hasTripped.load(ordering: .relaxed) }

  /// The error of a call that stopped because it had to, or `nil`.
  func stopReason(_ phase: Phase, source: String) -> MediaError? {
    if cancellation.isCancelled {
      return MediaError(
        .cancelled, source: source, message: "Reading was cancelled.", remedy: "Run it again.")
    }
    guard isLate || hasStopped else { return nil }
    switch phase {
    case .opening:
      return MediaError(
        .openTimeout, source: source, message: "The source did not open in time.",
        remedy: "Check the address and the network, or allow more time with --open-timeout.",
        isTransient: true)
    case .reading:
      return MediaError(
        .readTimeout, source: source, message: "The source fell silent.",
        remedy: "Check the source and the network, or allow more time with --read-timeout.",
        isTransient: true)
    }
  }

  /// The error of `call`: the reason to stop if there is one, else the call's own.
  func error(_ error: FFmpegError, _ phase: Phase, source: String) -> MediaError {
    stopReason(phase, source: source) ?? MediaError(error, source: source)
  }

  /// The callback for a format context; `self` must outlive it.
  var callback: AVIOInterruptCB {
    unsafe AVIOInterruptCB(
      callback: { opaque in
        guard let opaque = unsafe opaque else { return 0 }
        let interrupt = unsafe Unmanaged<Interrupt>.fromOpaque(opaque).takeUnretainedValue()
        return interrupt.shouldStop() ? 1 : 0
      },
      opaque: Unmanaged.passUnretained(self).toOpaque())
  }
}
