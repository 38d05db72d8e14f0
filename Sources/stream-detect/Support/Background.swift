internal import Dispatch

/// A value that is computed on another thread while this one continues.
final class Background<Value: Sendable>: @unchecked Sendable {
  // Sendable because `value` is reached on `queue` only.
  private let queue = DispatchQueue(label: "stream-detect.background", qos: .userInitiated)
  private var value: Value?

  /// Starts `make` at once.
  init(_ make: @escaping @Sendable () -> Value) {
    queue.async { self.value = make() }
  }

  /// Waits for the value.
  func wait() -> Value {
    guard let value = queue.sync(execute: { value }) else {
      preconditionFailure("the queue ran nothing")
    }
    return value
  }
}
