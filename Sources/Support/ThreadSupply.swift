#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// Whether the system gives the process more threads.
///
/// Dispatch waits for ever for a thread that it can't get, and then no signal is answered either,
/// so this has to be known before.
package enum ThreadSupply {
  /// Starts `count` threads that wait for each other, and returns whether all could be started.
  package static func has(_ count: Int) -> Bool {
    let gate = Locked(())
    var threads: [pthread_t] = []
    gate.withLock { _ in
      for _ in 0..<count {
        guard let thread = start(gate) else { break }
        threads.append(thread)
      }
    }
    for thread in threads { pthread_join(thread, nil) }
    return threads.count == count
  }

  /// A thread that ends when it has had the lock.
  private static func start(_ gate: Locked<Void>) -> pthread_t? {
    let argument = unsafe Unmanaged.passRetained(gate)
    #if canImport(Darwin)
    var thread: pthread_t?
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        unsafe Unmanaged<Locked<Void>>.fromOpaque(argument).takeRetainedValue().withLock { _ in }
        return nil
      }, argument.toOpaque())
    #else
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Locked<Void>>.fromOpaque(argument).takeRetainedValue().withLock { _ in }
        }
        return nil
      }, argument.toOpaque())
    #endif
    guard code == 0 else {
      unsafe argument.release()
      return nil
    }
    return thread
  }
}
