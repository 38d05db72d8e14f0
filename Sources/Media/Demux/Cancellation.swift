import Synchronization

/// A switch, thrown from any thread, that makes every blocking call of a reader return soon.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  /// Makes a switch that is not thrown.
  public init() {}

  /// Throws the switch; there is no way back.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// Whether the switch was thrown.
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
