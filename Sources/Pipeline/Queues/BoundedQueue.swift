/// A queue of bounded length between two stages that run on threads of their own.
///
/// Who wakes whom: a producer that finds the queue full sleeps until a consumer takes an element or
/// the queue ends; a consumer that finds it empty sleeps until a producer adds one or the queue ends.
/// Any number of threads may stand on either side.
///
/// How it ends: `close` and `fail` flow forward with the elements, so a consumer first gets what
/// waits and then the end or the error. `cancel` flows backward: what waits is thrown away, and a
/// producer learns from `push` that nobody listens any more. After any of the three nobody sleeps in
/// the queue and nobody will; so nothing waits for ever as long as each side ends the queue when it
/// leaves.
///
/// What is lost: with the policy `block` nothing; with the others what `push` reports as dropped.
package final class BoundedQueue<Element: QueueElement & Sendable>: Sendable {
  private let state: Monitor<QueueState<Element>>

  package init(capacity: Int, policy: QueuePolicy = .block) {
    state = Monitor(QueueState(capacity: capacity, policy: policy))
  }

  /// Adds an element, waiting for room where the policy says so.
  ///
  /// The result is how many elements were dropped, or `nil` where the queue has ended and the element
  /// was not taken.
  @discardableResult
  package func push(_ element: Element) -> Int? {
    switch state.wait(for: { $0.push(element) }) {
    case .stored(let dropped): dropped
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

  /// Ends the queue at once, from the consumer's side.
  package func cancel() { state.update { $0.cancel() } }
}
