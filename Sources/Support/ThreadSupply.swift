/// Whether the system gives the process more threads.
///
/// Dispatch waits for ever for a thread that it can't get, and then no signal is answered either,
/// so this has to be known before.
package enum ThreadSupply {
  /// Starts `count` threads that wait for each other, and returns whether all could be started.
  ///
  /// Their stacks are as large as those of Dispatch.
  package static func has(_ count: Int) -> Bool {
    let gate = Locked(())
    var threads: [SystemThread] = []
    gate.withLock { _ in
      while threads.count < count, let thread = SystemThread({ gate.withLock { _ in } }) {
        threads.append(thread)
      }
    }
    for thread in threads { thread.join() }
    return threads.count == count
  }
}
