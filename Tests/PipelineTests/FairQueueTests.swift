import Dispatch
import Support
import Testing

@testable import Pipeline

struct FairQueueTests {
  private func queue(lanes: Int, capacity: Int = 8, limit: Int = 8) -> FairQueue<Token> {
    FairQueue(
      lanes: Array(
        repeating: .init(capacity: capacity, policy: .block, limit: limit), count: lanes))
  }

  @Test("lanes are served in turn, however many elements wait in one of them")
  func fairness() {
    let queue = queue(lanes: 3)
    for token: Token in ["a", "b", "c"] { queue.push(token, lane: 0) }
    queue.push("x", lane: 1)
    queue.push("y", lane: 2)
    queue.close()
    var taken: [String] = []
    while let item = queue.take() { taken.append(item.element.text) }
    #expect(taken == ["a", "x", "y", "b", "c"])
  }

  @Test("elements are numbered within their lane")
  func numbers() {
    let queue = queue(lanes: 2)
    for lane in [0, 1, 1, 0, 1] { queue.push("a", lane: lane) }
    queue.close()
    var numbers = [[Int](), []]
    while let item = queue.take() { numbers[item.lane].append(item.number) }
    #expect(numbers == [[0, 1], [0, 1, 2]])
  }

  @Test("a lane at its limit is passed over until an element is released", .timeLimit(.minutes(20)))
  func limit() {
    let queue = queue(lanes: 2, limit: 1)
    queue.push("a", lane: 0)
    queue.push("b", lane: 0)
    queue.push("x", lane: 1)
    queue.close()
    #expect(queue.take()?.element.text == "a")
    #expect(queue.take()?.element.text == "x")
    DispatchQueue(label: "sink").async { queue.release(lane: 0) }
    #expect(queue.take()?.element.text == "b")
    #expect(queue.take()?.element.text == nil)
  }

  @Test("what needs no consumer has its number between the elements")
  func reserving() {
    let queue = queue(lanes: 1)
    queue.push("a", lane: 0)
    #expect(queue.reserve(lane: 0) == 1)
    queue.push("b", lane: 0)
    queue.close()
    #expect(queue.take()?.number == 0)
    #expect(queue.take()?.number == 2)
    #expect(queue.take()?.number == nil)
  }

  @Test("reserving waits while too many numbers are reserved", .timeLimit(.minutes(20)))
  func reservationsAreBounded() {
    let queue = queue(lanes: 1, limit: 2)
    #expect(queue.reserve(lane: 0) == 0)
    #expect(queue.reserve(lane: 0) == 1)
    let isReleased = Locked(false)
    DispatchQueue(label: "sink").asyncAfter(deadline: .now() + 0.05) {
      isReleased.withLock { $0 = true }
      queue.releaseReserved(lane: 0)
    }
    #expect(queue.reserve(lane: 0) == 2)
    #expect(isReleased.withLock { $0 })
  }

  @Test("the producer gets the numbers of dropped elements")
  func droppedNumbers() {
    let queue = FairQueue<Token>(lanes: [.init(capacity: 2, policy: .dropOldest, limit: 8)])
    #expect(queue.push("a", lane: 0).isEmpty)
    #expect(queue.reserve(lane: 0) == 1)
    #expect(queue.push("b", lane: 0).isEmpty)
    #expect(queue.push("c", lane: 0) == [0])
    #expect(queue.push("d", lane: 0) == [2])
    #expect(queue.take()?.number == 3)
  }

  @Test("a queue without lanes ends at once")
  func none() {
    let queue = queue(lanes: 0)
    queue.close()
    #expect(queue.take()?.element.text == nil)
  }
}
