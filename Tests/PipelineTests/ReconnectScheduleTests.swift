import TestSupport
import Testing

@testable import Pipeline

struct ReconnectScheduleTests {
  @Test("delays double from one second to thirty, spread over a fifth", arguments: 0..<10)
  func doubling(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var schedule = ReconnectSchedule(ReconnectPolicy())
    for expected in [1.0, 2, 4, 8, 16, 24, 24, 24] {
      let next = schedule.next(using: &random)
      let delay = try #require(next)
      #expect(delay >= expected - 1e-9 && delay <= min(expected * 1.25, 30))
    }
  }

  @Test("attempts are limited, and instant refusals count")
  func attempts() {
    var random = SplitMix64(seed: 1)
    var schedule = ReconnectSchedule(ReconnectPolicy(maximumAttempts: 2))
    let delays = (0..<3).map { _ in schedule.next(using: &random) }
    #expect(delays.map { $0 == nil } == [false, false, true])
    #expect(schedule.attempts == 2)
  }

  @Test("only a connection that outlasts the delay before it resets the count")
  func reset() throws {
    var random = SplitMix64(seed: 1)
    var schedule = ReconnectSchedule(ReconnectPolicy())
    for _ in 0..<3 { _ = schedule.next(using: &random) }
    schedule.connectionLasted(0.1)
    let later = schedule.next(using: &random)
    #expect(try #require(later) >= 8)
    schedule.connectionLasted(60)
    #expect(schedule.attempts == 0)
    let first = schedule.next(using: &random)
    #expect(try #require(first) <= 1.25)
  }

  @Test("a policy without a delay makes no tight loop, and many attempts make no overflow")
  func extremes() {
    var random = SplitMix64(seed: 1)
    var schedule = ReconnectSchedule(ReconnectPolicy(minimumDelay: 0, maximumDelay: 0))
    for _ in 0..<2000 {
      let delay = schedule.next(using: &random)
      #expect(delay ?? 0 > 0.005)
    }
  }
}
