import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("Order of packets")
struct InterleaverTests {
  @Test("packets of two tracks leave in the order of their times")
  func order() {
    var order = Interleaver<String>(tracks: 2)
    var written: [String] = []
    for (name, track, time) in [
      ("v0", 0, 0.0), ("v1", 0, 1.0), ("a0", 1, 0.0), ("a1", 1, 0.5), ("a2", 1, 1.5),
      ("v2", 0, 2.0),
    ] {
      written += order.add(name, track: track, time: time, byteCount: 1)
    }
    #expect(written == ["v0", "a0", "a1", "v1", "a2"])
    #expect(order.finish() == ["v2"])
  }

  @Test("a thousand packets that wait leave in order at the end")
  func manyWaiting() {
    var order = Interleaver<Int>(tracks: 2, longest: .infinity, mostBytes: .max)
    for number in 0..<1000 {
      #expect(order.add(number, track: 0, time: Double(number), byteCount: 1).isEmpty)
    }
    #expect(order.add(-1, track: 1, time: 700.5, byteCount: 1) == Array(0...700) + [-1])
    #expect(order.finish() == Array(701..<1000))
  }

  @Test("an hour of sound to one picture waits neither longer nor larger than the bounds")
  func bounded() {
    var order = Interleaver<Int>(tracks: 2, longest: 10, mostBytes: 1000)
    _ = order.add(-1, track: 0, time: 0, byteCount: 500)
    var written = 0
    for second in 0..<3600 {
      written += order.add(second, track: 1, time: Double(second), byteCount: 1).count
      #expect(second + 2 - written <= 11)
    }
    var large = Interleaver<Int>(tracks: 2, longest: 10, mostBytes: 1000)
    written = 0
    for index in 0..<100 {
      written += large.add(index, track: 1, time: Double(index) / 1000, byteCount: 300).count
      #expect((index + 1 - written) * 300 <= 1000)
    }
  }

  @Test("fragments last two seconds, and the first waits for both tracks")
  func fragments() {
    var clock = FragmentClock(waitsForAudio: true)
    func isDue(_ time: Double, _ byteCount: Int = 1, isAudio: Bool = false) -> Bool {
      clock.isDue(time, byteCount: byteCount, isAudio: isAudio)
    }
    let early = [isDue(0), isDue(5), isDue(5, isAudio: true)]
    #expect(early == [false, false, true], "audio is waited for")
    clock.end()
    let second = [isDue(5), isDue(6.9), isDue(7)]
    #expect(second == [false, false, true])
    clock.end()
    let large = isDue(7, 100 << 20)
    #expect(large)
    clock = FragmentClock(waitsForAudio: true)
    let silent = [isDue(0), isDue(31)]
    #expect(silent == [false, true], "audio may never come")
  }
}
