import Synchronization

/// Cancels a reader from any thread: every blocking call then returns soon.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Creates a cancellation that hasn't been cancelled yet.
  public init() {}

  /// Cancels; this cannot be undone.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// Whether `cancel()` has been called.
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
