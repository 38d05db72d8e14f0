/// A queue of bounded length between two stages that run on threads of their own.
///
/// A producer that finds the queue full sleeps until a consumer takes an element or the queue ends; a
/// consumer that finds it empty sleeps until a producer adds one or the queue ends. There may be any
/// number of producers and consumers.
///
/// How it ends: `close` and `fail` travel forward with the elements, so a consumer first gets what
/// waits and then the end or the error. `cancel` travels backward: what waits is discarded, and `push`
/// tells the producer that there is no consumer any more. After any of the three no thread sleeps in
/// the queue; so nothing waits forever as long as each side ends the queue when it leaves.
///
/// What is lost: with the policy `block` nothing; with the others what `push` returns as dropped.
package final class BoundedQueue<Element: QueueElement & Sendable>: Sendable {
  private let state: Monitor<QueueState<Element>>

  package init(capacity: Int, policy: QueuePolicy = .block) {
    state = Monitor(QueueState(capacity: capacity, policy: policy))
  }

  /// Adds an element, waiting for room if the policy says so.
  ///
  /// Returns how many elements were dropped, or `nil` if the queue has ended and the element was
  /// discarded.
  @discardableResult
  package func push(_ element: Element) -> Int? {
    switch state.wait(for: { $0.push(element) }) {
    case .stored(let dropped): dropped.count
    case .refused: nil
    }
  }

  /// Waits for an element; `nil` once the queue has ended and nothing waits.
  ///
  /// - Throws: The error the queue failed with, after what still waited.
  package func pop() throws -> Element? {
    switch state.wait(for: { $0.pop() }) {
    case .element(let element): element
    case .ended: nil
    case .failed(let error): throw error
    }
  }

  /// Ends the queue after what waits.
  package func close() { state.update { $0.close() } }

  /// Ends the queue with an error after what waits.
  package func fail(_ error: any Error) { state.update { $0.fail(error) } }

  /// Changes what a full queue does, also for a producer that waits for room.
  package func setPolicy(_ policy: QueuePolicy) { state.update { $0.policy = policy } }

  /// Ends the queue at once, from the consumer's side.
  package func cancel() { state.update { $0.cancel() } }
}
