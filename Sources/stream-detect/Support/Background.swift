internal import Dispatch

/// A value that another thread makes while this one goes on.
final class Background<Value: Sendable>: @unchecked Sendable {
  // Sendable because `value` is reached on `queue` only.
  private let queue = DispatchQueue(label: "stream-detect.background", qos: .userInitiated)
  private var value: Value?

  /// Has a thread ready for a value that is made later.
  ///
  /// None can be created while the dynamic linker loads libraries, on whatever thread: it holds a lock
  /// that a thread's birth takes.
  static func prepare() where Value == Void {
    _ = Background {}
  }

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
