/// A queue of bounded length between two stages that run on threads of their own.
///
/// A producer that finds the queue full sleeps until a consumer takes an element or the queue ends;
/// a consumer that finds it empty sleeps until a producer adds one or the queue ends. There may be
/// any number of producers and consumers.
///
/// `close` and `fail` are for producers: consumers first get the waiting elements and then the end
/// or the error. `cancel` is for consumers: it discards the waiting elements, and `push` returns
/// `nil` from then on. All three wake every thread that sleeps in the queue, so no thread waits
/// forever as long as each side ends the queue when it leaves.
///
/// With the policy `block` no element is lost; with the others `push` returns how many were
/// dropped.
package final class BoundedQueue<Element: QueueElement & Sendable>: Sendable {
  private let state: Monitor<QueueState<Element>>

  package init(capacity: Int, byteLimit: Int = .max, policy: QueuePolicy = .block) {
    state = Monitor(QueueState(capacity: capacity, byteLimit: byteLimit, policy: policy))
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

  /// Waits for an element; `nil` once the queue has ended and is empty.
  ///
  /// - Throws: The error that the queue failed with, once it is empty.
  package func pop() throws -> Element? {
    switch state.wait(for: { $0.pop() }) {
    case .element(let element): element
    case .ended: nil
    case .failed(let error): throw error
    }
  }

  /// Ends the queue; consumers still get the waiting elements.
  package func close() { state.update { $0.close() } }

  /// Ends the queue with an error; consumers still get the waiting elements before it.
  package func fail(_ error: any Error) { state.update { $0.fail(error) } }

  /// Changes what a full queue does, also for a producer that waits for room.
  package func setPolicy(_ policy: QueuePolicy) { state.update { $0.policy = policy } }

  /// Ends the queue at once, from the consumer's side.
  package func cancel() { state.update { $0.cancel() } }
}
