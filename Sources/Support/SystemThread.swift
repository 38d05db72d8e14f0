internal import Foundation

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#else
internal import Glibc
#endif

/// A thread of the system's, started with a check.
///
/// Foundation's `Thread` doesn't tell that the system has given none, and Dispatch waits until it
/// gives one, so a caller that waits for the work would wait for ever.
package struct SystemThread: @unchecked Sendable {
  // Sendable because a `pthread_t` may be joined by any thread; on Linux it's a number, on macOS a
  // pointer that belongs to the system.
  private let thread: pthread_t

  /// As large as the main thread's, for FFmpeg.
  package static let stackSize = 8 << 20

  /// Starts a thread that runs `body`; its owner joins it.
  ///
  /// Fails if the system gives no more threads or too little memory for the stack, which without
  /// `stackSize` is as large as the process's limit says.
  package init?(stackSize: Int? = nil, _ body: @escaping @Sendable () -> Void) {
    // Its initialiser belongs to whichever module imported the C header first.
    let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
    defer { unsafe attributes.deallocate() }
    guard unsafe pthread_attr_init(attributes) == 0 else { return nil }
    defer { unsafe pthread_attr_destroy(attributes) }
    if let stackSize, unsafe pthread_attr_setstacksize(attributes, stackSize) != 0 { return nil }
    let boxed = unsafe Unmanaged.passRetained(Body(run: body))
    #if canImport(Darwin)
    var thread: pthread_t?
    let result = unsafe pthread_create(
      &thread, attributes,
      { argument in
        unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, boxed.toOpaque())
    #else
    var created = pthread_t()
    let result = unsafe pthread_create(
      &created, attributes,
      { argument in
        if let argument = unsafe argument {
          unsafe Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
        }
        return nil
      }, boxed.toOpaque())
    let thread: pthread_t? = created
    #endif
    guard result == 0, let thread else {
      unsafe boxed.release()
      return nil
    }
    self.thread = thread
  }

  /// Waits for its end.
  package func join() { pthread_join(thread, nil) }

  /// Starts a detached thread, and returns whether the system has given one.
  ///
  /// Debuggers show its name; on Linux the first 15 bytes.
  package static func detach(
    _ name: String, stackSize: Int = stackSize, _ body: @escaping @Sendable () -> Void
  ) -> Bool {
    let named: @Sendable () -> Void = {
      Thread.current.name = name
      body()
    }
    guard let started = SystemThread(stackSize: stackSize, named) else { return false }
    pthread_detach(started.thread)
    return true
  }
}

/// What a thread does.
private final class Body: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}
