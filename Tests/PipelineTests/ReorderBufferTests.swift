import TestSupport
import Testing

@testable import Pipeline

struct ReorderBufferTests {
  @Test("any order of arrival leaves in order", arguments: 0..<20)
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

  @Test("what overtakes waits for what is missing")
  func waits() {
    var buffer = ReorderBuffer<String>()
    #expect(buffer.insert("b", number: 1).isEmpty)
    #expect(buffer.insert("c", number: 2).isEmpty)
    #expect(buffer.insert("a", number: 0) == ["a", "b", "c"])
  }
}
