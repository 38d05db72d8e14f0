internal import Foundation

/// A value under a lock, and a way to wait until it has changed.
///
/// Every change wakes every waiting thread, and each tries again. A pipeline has a dozen threads,
/// so the needless wake-ups cost nothing, and no wake-up can get lost.
@safe
package final class Monitor<Value>: @unchecked Sendable {
  // Sendable because `value` is reached under `mutex` only.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var value: Value

  package init(_ value: sending Value) {
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe changed = .allocate(capacity: 1)
    unsafe changed.initialize(to: pthread_cond_t())
    unsafe pthread_cond_init(changed, nil)
    self.value = value
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe changed.deallocate()
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  /// Changes the value and wakes every thread that waits for a change.
  package func update<Result>(_ change: (inout Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(changed)
      unsafe pthread_mutex_unlock(mutex)
    }
    return change(&value)
  }

  /// Tries `attempt` at once and after every change until it returns a result.
  ///
  /// An attempt that returns `nil` must leave the value as it was.
  package func wait<Result>(for attempt: (inout Value) -> Result?) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(changed)
      unsafe pthread_mutex_unlock(mutex)
    }
    while true {
      if let result = attempt(&value) { return result }
      unsafe pthread_cond_wait(changed, mutex)
    }
  }
}
