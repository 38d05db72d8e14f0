internal import Foundation
internal import Support

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Ends a process that was asked to stop and can't: its standard output is a pipe that nobody
/// reads, say.
///
/// A run that was stopped still analyses the frames in progress and completes its files, for as
/// long as that takes: compressing and copying a long video may take minutes. So what counts is
/// not the time, but whether anything moves.
struct GracePeriod {
  /// Seconds without any movement after which the process ends.
  static let seconds = 10
  /// Seconds in which the process calculates without reading or writing anything, after which it
  /// ends as well: a call into FFmpeg may never return.
  static let busySeconds = 60

  /// What the process has done so far, from outside.
  private struct Signs: Equatable {
    /// Bytes that outputs have taken.
    let written = OutputActivity.bytes
    /// Time on the processor in units that a process which only waits doesn't reach: its timers
    /// take far less in a second.
    let work: Int
    /// Blocks read from disks and written to them.
    let blocks: Int

    init() {
      var usage = rusage()
      #if canImport(Darwin)
      _ = unsafe getrusage(RUSAGE_SELF, &usage)
      #else
      _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      #endif
      let microseconds =
        (Int(usage.ru_utime.tv_sec) + Int(usage.ru_stime.tv_sec)) * 1_000_000
        + Int(usage.ru_utime.tv_usec) + Int(usage.ru_stime.tv_usec)
      work = microseconds
      blocks = Int(usage.ru_inblock) + Int(usage.ru_oublock)
    }

    /// Whether anything was read or written since `earlier`.
    func showTransfer(since earlier: Signs) -> Bool {
      written != earlier.written || blocks != earlier.blocks
    }

    /// Whether the process has calculated since `earlier`, a second ago.
    func showWork(since earlier: Signs) -> Bool { work - earlier.work > 20_000 }
  }

  /// Watches from now on, on a thread of its own; the process ends with `status` once it doesn't
  /// move for `seconds`.
  static func begin(endingWith status: Int32) {
    // Not a dispatch queue, whose threads may all be those that wait.
    let hasThread = SystemThread.detach("grace-period", stackSize: 256 << 10) {
      watch(endingWith: status)
    }
    if !hasThread { watch(endingWith: status) }
  }

  private static func watch(endingWith status: Int32) -> Never {
    var last = Signs()
    var (still, busy) = (0, 0)
    while still < seconds && busy < busySeconds {
      sleep(1)
      let signs = Signs()
      if OutputActivity.isSyncing || signs.showTransfer(since: last) {
        (still, busy) = (0, 0)
      } else {
        busy += 1
        still = signs.showWork(since: last) ? 0 : still + 1
      }
      last = signs
    }
    say(
      still < seconds
        ? "stream-detect: error: an input or output keeps the processor busy: stopped without "
          + "completing the results after \(busySeconds) s\n"
        : "stream-detect: error: an output takes no data: stopped without completing the results "
          + "after \(seconds) s\n")
    _exit(status)
  }

  /// Writes to standard error, unless that would wait.
  private static func say(_ text: String) {
    var request = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&request, 1, 0) == 1, request.revents & Int16(POLLOUT) != 0 else { return }
    _ = unsafe text.withCString { unsafe write(STDERR_FILENO, $0, strlen($0)) }
  }
}
