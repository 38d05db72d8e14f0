import Dispatch
import Testing

@testable import Pipeline

struct FairQueueTests {
  private func queue(lanes: Int, capacity: Int = 8, limit: Int = 8) -> FairQueue<Token> {
    FairQueue(
      lanes: Array(
        repeating: .init(capacity: capacity, policy: .block, limit: limit), count: lanes))
  }

  @Test("lanes are served in turn, however much waits in one of them")
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

  @Test("a lane at its limit is passed over until something is released", .timeLimit(.minutes(20)))
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

  @Test("no lanes end at once")
  func none() {
    let queue = queue(lanes: 0)
    queue.close()
    #expect(queue.take()?.element.text == nil)
  }
}
