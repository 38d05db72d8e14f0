/// Several bounded queues, the lanes, that one set of consumers serves in turn.
///
/// Each lane has one producer, a policy and a capacity of its own, so a source that stalls or runs
/// over never holds up another. Consumers take from the lanes in rotation.
///
/// Each pushed element gets a number within its lane, which serves to restore the order after the
/// consumers. The producer gets back the numbers of elements that the policy drops. `reserve` takes
/// a number for something that needs a place in the order but no consumer.
///
/// An element is out from `take` until `release`, and a number is reserved until `releaseReserved`.
/// A lane with `limit` elements out, or whose elements out would hold more than `bytesOut` bytes,
/// is skipped (one element may always be out), and `reserve` waits while `limit` numbers are
/// reserved. That bounds how much can wait for one slow element, and lets a slow output throttle
/// the demuxer of its lane.
///
/// A consumer that finds no element waiting takes part in the work on a shareable one that others
/// have begun. In urgent lanes work that has begun comes first, so that it is finished as early as
/// possible; in other lanes each consumer rather begins an element of its own.
///
/// After `close`, for which every producer has to be done, consumers get the waiting elements and
/// then the end. A producer doesn't sleep here forever as long as consumers take and release.
package final class FairQueue<Element: QueueElement & Sendable>: Sendable {
  /// How a lane behaves.
  package struct Lane: Sendable {
    package var capacity: Int
    package var policy: QueuePolicy
    /// How many elements may be out at once, and how many numbers reserved.
    package var limit: Int
    /// Whether work that has begun comes before elements that wait.
    package var isUrgent: Bool
    /// Bytes that waiting elements may hold.
    package var bytesWaiting = Int.max
    /// Bytes that elements which are out may hold.
    package var bytesOut = Int.max

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
    /// The element's place in the order of its lane, from 0.
    package let number: Int
  }

  /// An element and its place in the order of its lane.
  private struct Numbered: QueueElement {
    var element: Element
    let number: Int

    var isDroppable: Bool { element.isDroppable }
    var byteCount: Int { element.byteCount }
    mutating func absorb(_ dropped: Numbered) -> Bool { element.absorb(dropped.element) }
  }

  private struct LaneState {
    var queue: QueueState<Numbered>
    let limit: Int
    let isUrgent: Bool
    let bytesOut: Int
    var nextNumber = 0
    var out = 0
    /// The bytes of the elements that are out.
    var heldBytes = 0
    var reserved = 0

    /// Whether the next element may be out along with those that are.
    var mayLetOut: Bool {
      guard out < limit else { return false }
      let (sum, overflow) = heldBytes.addingReportingOverflow(queue.nextByteCount)
      return out == 0 || !overflow && sum <= bytesOut
    }
  }

  private struct State {
    var lanes: [LaneState]
    var turn = 0
    var isClosed = false
    /// Shareable elements that consumers work on, including some with nothing left to share.
    var begun: [(taken: Taken, isUrgent: Bool)] = []

    /// `nil` if the producer has to wait.
    mutating func push(_ element: Element, lane: Int) -> QueueState<Numbered>.PushResult? {
      let numbered = Numbered(element: element, number: lanes[lane].nextNumber)
      guard let result = lanes[lane].queue.push(numbered) else { return nil }
      lanes[lane].nextNumber += 1
      return result
    }

    /// `nil` if the producer has to wait.
    mutating func reserve(lane: Int) -> Int? {
      guard lanes[lane].reserved < lanes[lane].limit else { return nil }
      defer { lanes[lane].nextNumber += 1 }
      lanes[lane].reserved += 1
      return lanes[lane].nextNumber
    }

    /// `nil` if the consumer has to wait, `.some(nil)` at the end.
    mutating func take() -> Taken?? {
      if let taken = joined(isUrgent: true) { return taken }
      for step in lanes.indices {
        let index = (turn + step) % lanes.count
        let byteCount = lanes[index].queue.nextByteCount
        guard lanes[index].mayLetOut, case .element(let next) = lanes[index].queue.pop()
        else { continue }
        lanes[index].out += 1
        lanes[index].heldBytes += byteCount
        turn = index + 1
        let taken = Taken(element: next.element, lane: index, number: next.number)
        if next.element.isShareable { begun.append((taken, lanes[index].isUrgent)) }
        return taken
      }
      if let taken = joined(isUrgent: false) { return taken }
      return isClosed && lanes.allSatisfy(\.queue.isEmpty) ? .some(nil) : nil
    }

    /// The oldest element in work that has something left for one more consumer.
    private mutating func joined(isUrgent: Bool) -> Taken? {
      var found: Taken?
      // No thread waits for finished work to be removed, so the attempt may still return `nil`.
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
        queue: QueueState(
          capacity: $0.capacity, byteLimit: $0.bytesWaiting, policy: $0.policy),
        limit: $0.limit, isUrgent: $0.isUrgent, bytesOut: $0.bytesOut)
    }
    state = Monitor(State(lanes: lanes))
  }

  /// Adds an element to a lane, waiting for room if its policy says so, and returns the numbers of
  /// the elements that were dropped.
  @discardableResult
  package func push(_ element: Element, lane: Int) -> [Int] {
    switch state.wait(for: { $0.push(element, lane: lane) }) {
    case .stored(let dropped): dropped.map(\.number)
    case .refused: preconditionFailure("push into a lane after close")
    }
  }

  /// Changes what a full lane does.
  package func setPolicy(_ policy: QueuePolicy, lane: Int) {
    state.update { $0.lanes[lane].queue.policy = policy }
  }

  /// Takes the next number of a lane for something that needs no consumer, waiting while too many
  /// are reserved.
  package func reserve(lane: Int) -> Int { state.wait { $0.reserve(lane: lane) } }

  /// Waits for an element of any lane; `nil` once all has been taken after `close`.
  package func take() -> Taken? { state.wait { $0.take() } }

  /// Notes that an element taken from this lane, which held `byteCount` bytes, has left the
  /// pipeline.
  package func release(lane: Int, byteCount: Int = 0) {
    state.update { state in
      state.lanes[lane].out -= 1
      state.lanes[lane].heldBytes -= byteCount
    }
  }

  /// Notes that a reserved number of this lane has left the pipeline.
  package func releaseReserved(lane: Int) { state.update { $0.lanes[lane].reserved -= 1 } }

  /// Says that no producer will push any more.
  package func close() {
    state.update { state in
      state.isClosed = true
      for index in state.lanes.indices { state.lanes[index].queue.close() }
    }
  }
}
