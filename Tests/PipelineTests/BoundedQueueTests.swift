import Support
import Dispatch
import Testing

@testable import Pipeline

private struct Number: QueueElement, Sendable {
  var value: Int
}

struct BoundedQueueTests {
  @Test(
    "under load every element arrives once, in the order of its producer", .timeLimit(.minutes(20)))
  func load() {
    let queue = BoundedQueue<Number>(capacity: 3)
    let producers = 6
    let each = 500
    let received = Locked([[Int]]())
    let consuming = DispatchGroup()
    for consumer in 0..<4 {
      DispatchQueue(label: "consumer.\(consumer)").async(group: consuming) {
        var mine: [Int] = []
        while let number = try? queue.pop() { mine.append(number.value) }
        received.withLock { $0.append(mine) }
      }
    }
    let producing = DispatchGroup()
    for producer in 0..<producers {
      DispatchQueue(label: "producer.\(producer)").async(group: producing) {
        for number in 0..<each { queue.push(Number(value: producer * each + number)) }
      }
    }
    producing.wait()
    queue.close()
    consuming.wait()
    let all = received.withLock { $0 }
    #expect(all.flatMap(\.self).sorted() == Array(0..<(producers * each)))
    for mine in all {
      for producer in 0..<producers {
        let ofOne = mine.filter { $0 / each == producer }
        #expect(ofOne == ofOne.sorted())
      }
    }
  }

  @Test("a producer at a full queue learns that it was cancelled", .timeLimit(.minutes(20)))
  func cancelWakesProducer() {
    let queue = BoundedQueue<Number>(capacity: 1)
    queue.push(Number(value: 0))
    let result = Locked<Int?>(-1)
    let group = DispatchGroup()
    DispatchQueue(label: "producer").async(group: group) {
      let dropped = queue.push(Number(value: 1))
      result.withLock { $0 = dropped }
    }
    queue.cancel()
    group.wait()
    // Cancelled before or while it waited; either way the element was discarded.
    #expect(result.withLock { $0 } == nil)
  }

  @Test("a consumer at an empty queue gets the error", .timeLimit(.minutes(20)))
  func failWakesConsumer() {
    let queue = BoundedQueue<Number>(capacity: 1)
    let group = DispatchGroup()
    let caught = Locked<SinkError?>(nil)
    DispatchQueue(label: "consumer").async(group: group) {
      do {
        _ = try queue.pop()
      } catch {
        caught.withLock { $0 = error as? SinkError }
      }
    }
    queue.fail(SinkError(.brokenPipe, "gone"))
    group.wait()
    #expect(caught.withLock { $0 } == SinkError(.brokenPipe, "gone"))
  }
}
