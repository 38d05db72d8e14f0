internal import Batch
internal import Foundation
internal import Pipeline
internal import Support

/// Ends a batch after a signal: no other source is begun, those in work have some time, and then
/// the process ends, whatever it waits for.
final class BatchStop: Sendable {
  private struct State {
    var isAsked = false
    var work: BatchWork?
    var control: PipelineControl?
  }

  private let grace: Double
  private let state = Locked(State())

  /// Gives sources in work so many seconds in all.
  init(grace: Double) { self.grace = grace }

  /// Whether a signal has come.
  var isAsked: Bool { state.withLock { $0.isAsked } }

  /// Says which work there is to end.
  func watch(_ work: BatchWork) {
    if state.withLock({ state in
      state.work = work
      return state.isAsked
    }) {
      work.end()
    }
  }

  /// Says which run there is to stop when the time is over; `nil` for none.
  func watch(_ control: PipelineControl?) { state.withLock { $0.control = control } }

  /// Begins to end, on a thread of its own: the others may all wait for something.
  func ask() {
    let work = state.withLock { state in
      state.isAsked = true
      return state.work
    }
    work?.end()
    let hasThread = SystemThread.detach("batch-grace", stackSize: 256 << 10) { self.watchTime() }
    if !hasThread { leave() }
  }

  private func watchTime() {
    Thread.sleep(forTimeInterval: grace * 3 / 4)
    stopRun()
    Thread.sleep(forTimeInterval: grace / 8)
    stopRun()
    Thread.sleep(forTimeInterval: grace / 8)
    leave()
  }

  private func stopRun() { state.withLock { $0.control }?.stop() }

  /// Nothing is lost by it: what isn't published has its temporary name.
  private func leave() -> Never { _exit(ExitStatus.checkpoint.rawValue) }
}
