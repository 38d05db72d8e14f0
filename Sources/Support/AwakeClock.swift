internal import Foundation

/// The time during which this process could run, in seconds since some moment.
///
/// A process that was stopped (SIGSTOP, a debugger) or a machine that slept must not hold its own
/// pause against a camera. A thread of its own notes four times a second that the process runs; of
/// a longer stretch without a note no more than `longest` counts. Clocks of the system can't tell:
/// the monotonic one goes on while a process is stopped.
package final class AwakeClock: Sendable {
  /// The clock of this process.
  package static let process = AwakeClock()

  /// How often the thread notes that it runs, in seconds.
  package static let tick = 0.25
  /// The most that counts of the time between two notes, in seconds.
  ///
  /// On a busy machine the thread comes late; deadlines are then later, too.
  package static let longest = 1.0

  private let count: Locked<AwakeTime>
  private let hasThread: Bool

  private init() {
    let count = Locked(AwakeTime(start: AwakeClock.system()))
    self.count = count
    hasThread = SystemThread.detach("awake-clock", stackSize: 256 << 10) {
      while true {
        Thread.sleep(forTimeInterval: AwakeClock.tick)
        count.withLock { $0.note(AwakeClock.system()) }
      }
    }
  }

  /// Seconds that this process has been awake, or that have passed if the system gives no thread.
  package var now: Double {
    hasThread ? count.withLock { $0.seconds(at: AwakeClock.system()) } : AwakeClock.system()
  }

  /// Unlike `CLOCK_MONOTONIC` it goes on while the machine sleeps, on every system, so that a sleep
  /// is a pause whichever way the system counts.
  private static func system() -> Double {
    let elapsed = (ContinuousClock.now - origin).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
  }

  private static let origin = ContinuousClock.now
}

/// The count of an `AwakeClock`, from readings of a clock that runs through pauses.
struct AwakeTime {
  private var counted = 0.0
  private var noted: Double

  init(start: Double) { noted = start }

  /// Notes that the process runs at this moment.
  mutating func note(_ time: Double) {
    counted = seconds(at: time)
    noted = max(noted, time)
  }

  /// The count at a moment after the last note.
  func seconds(at time: Double) -> Double {
    counted + min(max(time - noted, 0), AwakeClock.longest)
  }
}
