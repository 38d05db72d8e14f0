/// Several bounded queues, the lanes, that one set of consumers serves in turn.
///
/// Each lane has one producer, a policy and a capacity of its own, so a source that stalls or runs
/// over never holds up another. Consumers take from the lanes in rotation. Each element taken carries
/// its number within its lane, and counts as out until `release`; a lane with `limit` elements out is
/// passed over. That bounds what can wait behind one slow element for the order to be restored, and
/// lets a slow output reach back through the lane to its demuxer.
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

    package init(capacity: Int, policy: QueuePolicy, limit: Int) {
      self.capacity = capacity
      self.policy = policy
      self.limit = limit
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
    var taken = 0
    var out = 0
  }

  private struct State {
    var lanes: [LaneState]
    var turn = 0
    var isClosed = false

    /// `nil` where the consumer has to wait, `.some(nil)` at the end.
    mutating func take() -> Taken?? {
      for step in lanes.indices {
        let index = (turn + step) % lanes.count
        guard lanes[index].out < lanes[index].limit,
          case .element(let element) = lanes[index].queue.pop()
        else { continue }
        let number = lanes[index].taken
        lanes[index].taken += 1
        lanes[index].out += 1
        turn = index + 1
        return Taken(element: element, lane: index, number: number)
      }
      return isClosed && lanes.allSatisfy(\.queue.isEmpty) ? .some(nil) : nil
    }
  }

  private let state: Monitor<State>

  package init(lanes: [Lane]) {
    let lanes = lanes.map {
      LaneState(queue: QueueState(capacity: $0.capacity, policy: $0.policy), limit: $0.limit)
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
