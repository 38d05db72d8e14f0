import Dispatch
import Support

/// Lets a few decoders work at a time, in the order in which they ask.
///
/// Without it, the decoders of many live sources share the processors with the threads that analyse
/// frames, and leave them a small part: frames are decoded that no worker has time for.
package final class DecoderTurns: Sendable {
  private struct State {
    var free: Int
    var waiting: [DispatchSemaphore] = []
  }

  private let state: Locked<State>

  /// Lets `count` decoders work at the same time.
  package init(count: Int) { state = Locked(State(free: max(count, 1))) }

  /// Waits for a turn.
  func take() {
    let turn = state.withLock { state -> DispatchSemaphore? in
      if state.free > 0 {
        state.free -= 1
        return nil
      }
      let turn = DispatchSemaphore(value: 0)
      state.waiting.append(turn)
      return turn
    }
    turn?.wait()
  }

  /// Ends a turn.
  func give() {
    state.withLock { state in
      // The place goes straight to the next one, ahead of any caller that asks just now.
      if state.waiting.isEmpty { state.free += 1 } else { state.waiting.removeFirst().signal() }
    }
  }
}
