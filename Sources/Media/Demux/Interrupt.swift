import CFFmpeg
import Support
import Synchronization

/// Tells FFmpeg, which asks repeatedly during every blocking call, whether to give up.
///
/// Without it, `av_read_frame` waits for hours for a camera that has lost power.
final class Interrupt: Sendable {
  /// What the reader was doing when the time ran out.
  enum Phase {
    case opening
    case reading
  }

  /// What was waited for.
  enum Origin {
    case network
    case disk
    case pipe

    fileprivate var remedy: String {
      switch self {
      case .network: "Check the address and the network"
      case .disk: "Check the disk or the network drive, and what writes the file"
      case .pipe: "Check the program that writes into it"
      }
    }
  }

  private let cancellation: Cancellation
  /// In microseconds of `AwakeClock`; `Int64.max` for none.
  ///
  /// That clock leaves out the program's own pauses: after one, a connection that still stands must
  /// not be given up.
  private let deadline = Atomic<Int64>(.max)
  private let hasTripped = Atomic<Bool>(false)
  private let isAbandoned = Atomic<Bool>(false)
  private let reminder = Locked<(time: Int64, body: @Sendable () -> Void)?>(nil)

  init(_ cancellation: Cancellation) { self.cancellation = cancellation }

  /// Sets the deadline to `seconds` from now; without a positive, finite number there is none.
  func arm(seconds: Double) {
    hasTripped.store(false, ordering: .relaxed)
    let span = (seconds * 1_000_000).rounded(.up)
    guard span > 0, span < 1e15 else { return disarm() }
    deadline.store(Self.now + Int64(span), ordering: .relaxed)
  }

  /// Whether there is a deadline.
  var isArmed: Bool { deadline.load(ordering: .relaxed) != .max }

  /// Makes every call return now, until the deadline is set again: the source doesn't answer.
  func stop() {
    hasTripped.store(true, ordering: .relaxed)
    deadline.store(0, ordering: .relaxed)
  }

  /// Removes the deadline.
  func disarm() { deadline.store(.max, ordering: .relaxed) }

  private var isPastDeadline: Bool {
    let end = deadline.load(ordering: .relaxed)
    return end != .max && Self.now > end
  }

  private static var now: Int64 { Int64(AwakeClock.process.now * 1_000_000) }

  /// Makes blocking calls of another thread return, because their results are no longer needed.
  func abandon() { isAbandoned.store(true, ordering: .relaxed) }

  /// Lets calls block again, for closing.
  func recall() { isAbandoned.store(false, ordering: .relaxed) }

  /// Whether reading was cancelled or abandoned.
  var isCancelled: Bool { cancellation.isCancelled || isAbandoned.load(ordering: .relaxed) }

  /// Whether a blocking call must return now; remembers it for `hasStopped`.
  func shouldStop() -> Bool {
    guard isCancelled || isPastDeadline else { return false }
    hasTripped.store(true, ordering: .relaxed)
    return true
  }

  /// Whether a call has been told to stop since the deadline was last set.
  ///
  /// Such a call may still succeed with the data it already had, but the connection is dead.
  var hasStopped: Bool { hasTripped.load(ordering: .relaxed) }

  /// The error for a call that was told to stop; `nil` if none was.
  func stopReason(_ phase: Phase, source: String, origin: Origin = .network) -> MediaError? {
    if isCancelled {
      return MediaError(
        .cancelled, source: source, message: "Reading was cancelled.", remedy: "Run it again.")
    }
    guard isPastDeadline || hasStopped else { return nil }
    switch phase {
    case .opening:
      return MediaError(
        .openTimeout, source: source, message: "The source did not open in time.",
        remedy: "\(origin.remedy), or allow more time with --open-timeout.", isTransient: true)
    case .reading:
      return MediaError(
        .readTimeout, source: source, message: "The source sent no data in time.",
        remedy: "\(origin.remedy), or allow more time with --read-timeout.", isTransient: true)
    }
  }

  /// Runs `calls`; once they have taken `seconds`, `body` is called, on the thread that FFmpeg's
  /// call waits on.
  func reminding<Failure: Error>(
    after seconds: Double, _ body: @escaping @Sendable () -> Void,
    during calls: () throws(Failure) -> Void
  ) throws(Failure) {
    reminder.withLock { $0 = (Self.now + Int64(seconds * 1_000_000), body) }
    defer { reminder.withLock { $0 = nil } }
    try calls()
  }

  private func remind() {
    let due = reminder.withLock { reminder -> (@Sendable () -> Void)? in
      guard let set = reminder, Self.now >= set.time else { return nil }
      reminder = nil
      return set.body
    }
    due?()
  }

  /// The callback for a format context; `self` must outlive it.
  var callback: AVIOInterruptCB {
    unsafe AVIOInterruptCB(
      callback: { opaque in
        guard let opaque = unsafe opaque else { return 0 }
        let interrupt = unsafe Unmanaged<Interrupt>.fromOpaque(opaque).takeUnretainedValue()
        interrupt.remind()
        return interrupt.shouldStop() ? 1 : 0
      },
      opaque: Unmanaged.passUnretained(self).toOpaque())
  }
}
