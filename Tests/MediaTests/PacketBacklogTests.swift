import Testing

@testable import Media

@Suite("What waits for the decoder of a live source")
struct PacketBacklogTests {
  private typealias Backlog = PacketBacklog<Int>

  /// Adds packets at 25 a second, with a keyframe every `group`; the element is the number.
  private func fill(_ backlog: inout Backlog, _ numbers: Range<Int>, group: Int, bytes: Int = 100) {
    for number in numbers {
      backlog.add(
        .init(
          element: number, isKeyframe: number % group == 0, bytes: bytes,
          read: Double(number) / 25))
    }
  }

  private func drain(_ backlog: inout Backlog, now: Double) -> [Int] {
    var taken: [Int] = []
    while let entry = backlog.take(now: now) { taken.append(entry.element) }
    return taken
  }

  @Test("a decoder that keeps up gets every packet")
  func keepingUp() {
    var backlog = Backlog()
    var taken: [Int] = []
    for number in 0..<1000 {
      fill(&backlog, number..<number + 1, group: 50)
      taken += drain(&backlog, now: Double(number) / 25)
    }
    #expect(taken == Array(0..<1000) && backlog.leftOut == 0)
  }

  @Test("sound alone is bounded in bytes, and its newest packets are kept")
  func soundAlone() {
    var backlog = PacketBacklog<Int>(limits: .init(bytes: 1000))
    for number in 0..<100 {
      backlog.add(.init(element: number, isVideo: false, bytes: 100, read: Double(number)))
    }
    let taken = drain(&backlog, now: 100)
    #expect(taken.count <= 10 && taken.last == 99, "\(taken)")
    #expect(backlog.leftOut == 0)
    for number in 0..<11 {
      backlog.append(.init(element: number, isVideo: false, bytes: 100, read: Double(number)))
    }
    #expect(backlog.isFull(now: 0))
  }

  @Test("one that doesn't keep up goes on at the newest keyframe, less than a second old")
  func skipping() throws {
    var backlog = Backlog()
    fill(&backlog, 0..<1000, group: 10)
    let taken = backlog.take(now: 999.0 / 25)
    let first = try #require(taken)
    #expect(first.isAfterGap && first.isKeyframe && first.element >= 970)
    let rest = drain(&backlog, now: 999.0 / 25)
    #expect(rest == Array(first.element + 1..<1000))
    #expect(backlog.leftOut == first.element)
  }

  @Test("without a newer keyframe everything is left out until the next one")
  func waiting() throws {
    var backlog = Backlog()
    fill(&backlog, 0..<40, group: 100)
    #expect(backlog.isEmpty && backlog.leftOut == 40)
    fill(&backlog, 40..<110, group: 100)
    #expect(backlog.leftOut == 100)
    let taken = backlog.take(now: 109.0 / 25)
    let next = try #require(taken)
    #expect(next.element == 100 && next.isAfterGap)
    #expect(drain(&backlog, now: 109.0 / 25) == Array(101..<110))
  }

  @Test("a stream that marks no keyframes isn't waited for without end")
  func noKeyframes() {
    var backlog = Backlog()
    fill(&backlog, 1..<40, group: 100_000)
    #expect(backlog.isEmpty)
    fill(&backlog, 40..<300, group: 100_000)
    #expect(!backlog.isEmpty)
    let taken = backlog.take(now: 299.0 / 25)
    #expect(taken?.isAfterGap == false)
  }

  @Test("what waits is bounded in bytes, too")
  func bytes() {
    var backlog = Backlog()
    fill(&backlog, 0..<20, group: 5, bytes: 3 << 20)
    #expect(drain(&backlog, now: 0.8).count <= 11 && backlog.leftOut > 0)
  }

  @Test("audio is kept, and the picture at a time of a slow camera is no overload")
  func kept() {
    var backlog = Backlog()
    for number in 0..<100 {
      backlog.add(
        .init(
          element: number, isVideo: number % 2 == 0, isKeyframe: number % 20 == 0,
          bytes: 10, read: Double(number) / 25))
    }
    let taken = drain(&backlog, now: 4)
    #expect(taken.filter { $0 % 2 == 1 } == stride(from: 1, to: 100, by: 2).map { $0 })
    #expect(backlog.leftOut > 0)
    var slow = Backlog()
    for number in 0..<3 { slow.add(.init(element: number, read: Double(number) * 5)) }
    #expect(drain(&slow, now: 15) == [0, 1, 2])
  }
}
