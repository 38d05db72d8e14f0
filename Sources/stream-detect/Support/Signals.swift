internal import Support
internal import Dispatch
internal import Logging
internal import Output
internal import Support

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Turns the first SIGINT or SIGTERM into a request to drain; the second ends the program at once.
final class Signals: Sendable {
  private let first = Locked<Int32?>(nil)
  private let sources: Locked<[any DispatchSourceSignal]> = Locked([])

  /// Starts watching; `stop` is called once, on a queue of its own.
  init(logger: Logger, stop: @escaping @Sendable () -> Void) {
    let queue = DispatchQueue(label: "stream-detect.signals", qos: .userInteractive)
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [first] in
        let isSecond = first.withLock { first in
          defer { first = first ?? number }
          return first != nil
        }
        if isSecond { _exit(128 + number) }
        logger.notice("stopping after the frames in progress; interrupt again to stop at once")
        stop()
      }
      source.resume()
      sources.withLock { $0.append(source) }
    }
  }

  /// The exit status after a signal; `nil` if there was none.
  var status: ExitStatus? {
    first.withLock { $0 }.map { $0 == SIGINT ? .interrupted : .terminated }
  }
}
