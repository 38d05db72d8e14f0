internal import Dispatch
internal import Logging
internal import Output
internal import Support

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Turns the first SIGINT, SIGTERM or SIGHUP into a request to drain; a later one ends the program
/// at once, and so does a ``GracePeriod`` in which nothing moves.
///
/// Signals that come together are one: `timeout` sends its signal to the program and then to the
/// group that the program is in, and a terminal that closes sends SIGHUP more than once.
final class Signals: Sendable {
  /// Signals within so much time of the first one mean the same.
  private static let together = Duration.milliseconds(500)

  private let first = Locked<(number: Int32, time: ContinuousClock.Instant)?>(nil)
  private let sources: Locked<[any DispatchSourceSignal]> = Locked([])

  /// Starts watching; `stop` is called once, on a queue of its own, and `notice` is logged.
  ///
  /// With a `status` that is the program's exit code after any signal, and `stop` has to see to it
  /// that the program ends.
  init(
    logger: Logger,
    notice: String = "stopping after the frames in progress; interrupt again to stop at once",
    status: ExitStatus? = nil, stop: @escaping @Sendable () -> Void
  ) {
    let queue = DispatchQueue(label: "stream-detect.signals", qos: .userInteractive)
    // A standard error that takes no more data must not keep the next signal waiting.
    let messages = DispatchQueue(label: "stream-detect.signal-messages", qos: .userInteractive)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let before = signal(number, SIG_IGN)
      // `nohup` has the program ignore the end of its terminal.
      if number == SIGHUP, Self.isIgnored(before) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [first] in
        let now = ContinuousClock.now
        let earlier = first.withLock { first in
          defer { first = first ?? (number, now) }
          return first
        }
        if let earlier {
          if now - earlier.time >= Self.together { _exit(status?.rawValue ?? 128 + number) }
          return
        }
        messages.async { logger.notice("\(notice)") }
        if status == nil { GracePeriod.begin(endingWith: 128 + number) }
        stop()
      }
      source.resume()
      sources.withLock { $0.append(source) }
    }
  }

  private static func isIgnored(_ handler: sighandler_t?) -> Bool {
    unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// The exit status after a signal; `nil` if there was none.
  var status: ExitStatus? {
    first.withLock { $0 }.map { first in
      switch first.number {
      case SIGINT: .interrupted
      case SIGHUP: .hungUp
      default: .terminated
      }
    }
  }
}
