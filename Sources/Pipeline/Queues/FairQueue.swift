/// Several bounded queues, the lanes, that one set of consumers serves in turn.
///
/// Each lane has one producer, a policy and a capacity of its own, so a source that stalls or runs
/// over never holds up another. Consumers take from the lanes in rotation. Each element taken carries
/// its number within its lane, and counts as out until `release`; a lane with `limit` elements out is
/// passed over. That bounds what can wait behind one slow element for the order to be restored, and
/// lets a slow output reach back through the lane to its demuxer.
///
/// A consumer for whom no element waits takes part in the work on a shareable one that others have
/// begun. Those of urgent lanes are finished first, so that they arrive as early as they can; of other
/// lanes each consumer rather begins an element of its own.
///
/// `close` says that no producer will push any more: consumers get what waits and then the end. A
/// producer can't sleep here for ever as long as consumers take and release.
package final class FairQueue<Element: QueueElement & Sendable>: Sendable {
  /// How a lane behaves.
  package struct Lane: Sendable {
    package var capacity: Int
    package var policy: QueuePolicy
    /// How many elements may be out at once.
    package var limit: Int
    /// Whether work that has begun comes before elements that wait.
    package var isUrgent: Bool

    package init(capacity: Int, policy: QueuePolicy, limit: Int, isUrgent: Bool = false) {
      self.capacity = capacity
      self.policy = policy
      self.limit = limit
      self.isUrgent = isUrgent
    }
  }

  /// One element for one consumer.
  package struct Taken: Sendable {
    package var element: Element
    package let lane: Int
    /// Counts the elements taken from this lane, from 0.
    package let number: Int
  }

  private struct LaneState {
    var queue: QueueState<Element>
    let limit: Int
    let isUrgent: Bool
    var taken = 0
    var out = 0
  }

  private struct State {
    var lanes: [LaneState]
    var turn = 0
    var isClosed = false
    /// Shareable elements that consumers work on, and some of which nothing is left to begin with.
    var begun: [(taken: Taken, isUrgent: Bool)] = []

    /// `nil` where the consumer has to wait, `.some(nil)` at the end.
    mutating func take() -> Taken?? {
      if let taken = joined(isUrgent: true) { return taken }
      for step in lanes.indices {
        let index = (turn + step) % lanes.count
        guard lanes[index].out < lanes[index].limit,
          case .element(let element) = lanes[index].queue.pop()
        else { continue }
        let number = lanes[index].taken
        lanes[index].taken += 1
        lanes[index].out += 1
        turn = index + 1
        let taken = Taken(element: element, lane: index, number: number)
        if element.isShareable { begun.append((taken, lanes[index].isUrgent)) }
        return taken
      }
      if let taken = joined(isUrgent: false) { return taken }
      return isClosed && lanes.allSatisfy(\.queue.isEmpty) ? .some(nil) : nil
    }

    /// The oldest element in work that has something left for one more consumer.
    private mutating func joined(isUrgent: Bool) -> Taken? {
      var found: Taken?
      // Nobody waits for what is forgotten here, so the attempt may end with `nil` after it.
      begun.removeAll { work in
        guard found == nil, work.isUrgent == isUrgent else { return false }
        guard work.taken.element.join() else { return true }
        found = work.taken
        return false
      }
      return found
    }
  }

  private let state: Monitor<State>

  package init(lanes: [Lane]) {
    let lanes = lanes.map {
      LaneState(
        queue: QueueState(capacity: $0.capacity, policy: $0.policy), limit: $0.limit,
        isUrgent: $0.isUrgent)
    }
    state = Monitor(State(lanes: lanes))
  }

  /// Adds an element to a lane, waiting for room where its policy says so, and tells how many
  /// elements were dropped.
  @discardableResult
  package func push(_ element: Element, lane: Int) -> Int {
    switch state.wait(for: { $0.lanes[lane].queue.push(element) }) {
    case .stored(let dropped): dropped
    case .refused: preconditionFailure("push into a lane after close")
    }
  }

  /// Waits for an element of any lane; `nil` once all has been taken after `close`.
  package func take() -> Taken? { state.wait { $0.take() } }

  /// Says that an element taken from this lane has left the pipeline.
  package func release(lane: Int) { state.update { $0.lanes[lane].out -= 1 } }

  /// Says that no producer will push any more.
  package func close() {
    state.update { state in
      state.isClosed = true
      for index in state.lanes.indices { state.lanes[index].queue.close() }
    }
  }
}
