import Foundation
import Testing

@testable import Media
@testable import Support

@Suite("Time without the program's own pauses")
struct AwakeClockTests {
  @Test("a pause counts for no more than a second")
  func pause() {
    var time = AwakeTime(start: 100)
    for tick in 1...8 { time.note(100 + Double(tick) / 4) }
    #expect(time.seconds(at: 102.25) == 2.25)
    // Stopped, or asleep, for 25 seconds.
    #expect(time.seconds(at: 127) == 3)
    time.note(127)
    #expect(time.seconds(at: 127.5) == 3.5)
    #expect(time.seconds(at: 90) == 3)
  }

  @Test("it runs while the process does")
  func running() {
    let start = AwakeClock.process.now
    let begun = ContinuousClock.now
    while AwakeClock.process.now - start < 1.5, ContinuousClock.now - begun < .seconds(100) {
      usleep(10_000)
    }
    #expect(AwakeClock.process.now - start >= 1.5)
    #expect(ContinuousClock.now - begun >= .seconds(1.4))
  }
}
