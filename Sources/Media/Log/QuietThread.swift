internal import Foundation

/// Threads whose messages from FFmpeg are for debugging only, at present.
enum QuietThread {
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    unsafe pthread_key_create(&key, nil)
    return key
  }()

  /// Whether the calling thread is one.
  static var isCurrent: Bool { unsafe pthread_getspecific(key) != nil }

  /// Runs `body`, with the calling thread quiet.
  static func run<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = unsafe pthread_getspecific(key)
    unsafe pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1))
    defer { unsafe pthread_setspecific(key, before) }
    return try body()
  }
}

extension FFmpegLog {
  /// Runs `body`, and logs what FFmpeg says meanwhile on this thread as debug messages, if at all.
  ///
  /// For attempts to reach a camera again: what there is to say about an outage is said once.
  package static func quietly<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try QuietThread.run(body)
  }
}
