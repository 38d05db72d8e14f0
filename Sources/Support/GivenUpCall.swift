internal import Foundation

/// System calls that nothing can interrupt, on threads that can be given up.
///
/// `open` and `read` on a network drive whose server is gone, or a look-up of a name, may never
/// return, and neither a signal nor a deadline ends them. So they are made on another thread. When
/// the caller doesn't want to wait any longer, it goes on without the result. The thread, its stack
/// and what the call works on are then lost until the call returns; ``most`` bounds how many there
/// can be.
package enum GivenUpCall {
  /// Why there is no result.
  package enum Failure: Error {
    /// The caller didn't want to wait any longer.
    case givenUp
    /// So many earlier calls haven't returned that no other one is made, or the system gives no
    /// thread.
    case noThread
  }

  /// The largest number of threads that may hang at the same time: 256 stacks, of which each uses a
  /// few pages.
  package static let most = 256

  /// How long a caller waits before it asks again whether to go on, in seconds.
  package static let interval = 0.05

  /// Makes a call on another thread and waits for its result.
  ///
  /// `isGivenUp` is asked after every `interval` of waiting. What `body` captures
  /// has to live on its own, because it may be used long after this function has returned.
  package static func run<Result: Sendable>(
    until isGivenUp: () -> Bool, _ body: @escaping @Sendable () -> Result
  ) throws(Failure) -> Result {
    let call = Call(body)
    guard Workers.shared.start({ call.make() }) else { throw .noThread }
    while true {
      if call.waits(seconds: interval), let result = call.result { return result }
      guard isGivenUp() else { continue }
      // It may have come in the meantime.
      if let result = call.result { return result }
      throw .givenUp
    }
  }
}

/// One call, shared by the thread that makes it and the one that waits.
private final class Call<Result: Sendable>: Sendable {
  private let body: @Sendable () -> Result
  private let outcome = Locked<Result?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Result) { self.body = body }

  var result: Result? { outcome.withLock { $0 } }

  func make() {
    let result = body()
    outcome.withLock { $0 = result }
    isDone.signal()
  }

  /// Waits, and returns whether the call is done.
  func waits(seconds: Double) -> Bool {
    isDone.wait(timeout: .now() + seconds) == .success
  }
}

/// Threads that make calls, kept for the next one when theirs returns.
private final class Workers: Sendable {
  static let shared = Workers()

  private struct State {
    var waiting: [@Sendable () -> Void] = []
    var idle = 0
    var threads = 0
  }

  private let state = Locked(State())
  private let work = DispatchSemaphore(value: 0)
  /// Threads that are kept for the next calls.
  private static let mostIdle = 8
  /// Enough for a look-up of a name, which is the deepest call.
  private static let stackSize = 512 * 1024

  /// Has `call` made on a thread, and returns whether there is one for it.
  func start(_ call: @escaping @Sendable () -> Void) -> Bool {
    let needsThread: Bool? = state.withLock { state in
      if state.idle > state.waiting.count {
        state.waiting.append(call)
        return false
      }
      guard state.threads < GivenUpCall.most else { return nil }
      state.threads += 1
      return true
    }
    guard let needsThread else { return false }
    if !needsThread {
      work.signal()
      return true
    }
    let isStarted = SystemThread.detach("given-up-call", stackSize: Self.stackSize) { [self] in
      call()
      serve()
    }
    if !isStarted { state.withLock { $0.threads -= 1 } }
    return isStarted
  }

  /// Makes further calls, until there are enough threads for them.
  private func serve() {
    while true {
      let isNeeded = state.withLock { state in
        if state.idle >= Self.mostIdle {
          state.threads -= 1
          return false
        }
        state.idle += 1
        return true
      }
      guard isNeeded else { return }
      work.wait()
      let call = state.withLock { state in
        state.idle -= 1
        return state.waiting.isEmpty ? nil : state.waiting.removeFirst()
      }
      call?()
    }
  }
}
