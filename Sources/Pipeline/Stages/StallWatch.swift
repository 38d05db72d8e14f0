internal import Foundation
internal import Media
internal import Support

/// Cancels a live reader that has decoded no frame for too long.
///
/// A camera may keep its connection and send packets that never make a frame, which the reader's
/// own deadlines don't detect. What counts is the age of the last decoded frame, without the pauses
/// of this process.
final class StallWatch: Sendable {
  private struct State {
    var lastBeat = AwakeClock.process.now
    var hasStalled = false
    var hasEnded = false
  }

  private let state: Locked<State>
  private let timer: Locked<any DispatchSourceTimer>

  init(timeout: Double, cancellation: Cancellation) {
    let state = Locked(State())
    self.state = state
    let timer = DispatchSource.makeTimerSource(queue: .global())
    timer.schedule(deadline: .now() + timeout, repeating: max(timeout / 8, 0.01))
    timer.setEventHandler {
      let stalls = state.withLock { state in
        guard !state.hasEnded, AwakeClock.process.now - state.lastBeat >= timeout else {
          return false
        }
        state.hasStalled = true
        return true
      }
      if stalls { cancellation.cancel() }
    }
    timer.activate()
    self.timer = Locked(timer)
  }

  deinit { timer.withLock { $0.cancel() } }

  /// Whether it has cancelled the reader.
  var hasStalled: Bool { state.withLock { $0.hasStalled } }

  /// Notes that a frame was decoded.
  func beat() { state.withLock { $0.lastBeat = AwakeClock.process.now } }

  /// Stops watching; `hasStalled` doesn't change after that.
  func end() { state.withLock { $0.hasEnded = true } }
}
