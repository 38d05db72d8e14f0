import TestSupport
import Testing

@testable import Pipeline

struct ReorderBufferTests {
  @Test("elements that arrive in any order leave in order", arguments: 0..<20)
  func shuffled(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var buffer = ReorderBuffer<Int>()
    var left: [Int] = []
    for number in (0..<50).shuffled(using: &random) {
      left += buffer.insert(number, number: number)
    }
    #expect(left == Array(0..<50))
    #expect(buffer.count == 0 && buffer.next == 50)
  }

  @Test("an element that overtakes another waits for it")
  func waits() {
    var buffer = ReorderBuffer<String>()
    #expect(buffer.insert("b", number: 1).isEmpty)
    #expect(buffer.insert("c", number: 2).isEmpty)
    #expect(buffer.insert("a", number: 0) == ["a", "b", "c"])
  }

  @Test("skipped numbers are passed over, whenever they are known", arguments: 0..<20)
  func skipping(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    var buffer = ReorderBuffer<Int>()
    var left: [Int] = []
    for number in (0..<60).shuffled(using: &random) {
      left += number % 3 == 0 ? buffer.insert(number, number: number) : buffer.skip(number: number)
    }
    #expect(left == Array(stride(from: 0, to: 60, by: 3)))
    #expect(buffer.count == 0 && buffer.next == 60)
  }

  @Test("a run of skipped numbers takes the room of one")
  func skippedRuns() {
    var buffer = ReorderBuffer<Int>()
    for number in 1..<100_000 where number != 500 { #expect(buffer.skip(number: number).isEmpty) }
    #expect(buffer.count == 2)
    #expect(buffer.skip(number: 500).isEmpty)
    #expect(buffer.count == 1)
    #expect(buffer.insert(7, number: 0) == [7])
    #expect(buffer.insert(8, number: 100_000) == [8])
  }
}
