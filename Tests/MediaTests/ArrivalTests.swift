import Foundation
import Testing

@testable import Media

@Suite("When packets of a live source arrived")
struct ArrivalTests {
  @Test("packets of the first burst get their own times, the last one that of the reading")
  func burst() {
    var clock = ArrivalClock()
    let times = clock.burst(stamps: [10, 10.2, nil, 10.4], now: 100)
    #expect(times == [99.6, 99.8, 100, 100])
    #expect(clock.arrival(stamp: 10.6, now: 100.21, waited: 0.04) == 100.21)
  }

  @Test("what had to be waited for is new; what was there is as old as its time stamp says")
  func later() {
    var clock = ArrivalClock()
    #expect(clock.arrival(stamp: 0, now: 50, waited: 0.04) == 50)
    // A pause of this process: the packets of four seconds are there at once.
    let times = (1...4).map { clock.arrival(stamp: Double($0), now: 54, waited: 0) }
    #expect(times == [51, 52, 53, 54])
    #expect(clock.arrival(stamp: 5, now: 55.1, waited: 0.04) == 55.1)
  }

  @Test("what waited in the buffers through a long pause is as old as it is")
  func longPause() {
    var clock = ArrivalClock()
    _ = clock.arrival(stamp: 0, now: 50, waited: 0.04)
    let times = (1...40).map { clock.arrival(stamp: Double($0), now: 91, waited: 0) }
    #expect(times == (1...40).map { 50 + Double($0) })
    // On a busy machine reading takes time, too.
    #expect(clock.arrival(stamp: 40.5, now: 91.3, waited: 0.05) == 90.5)
    // Over UDP, what came after the buffers were full is gone.
    #expect(clock.arrival(stamp: 70, now: 120, waited: 0.04) == 120)
  }

  @Test("time stamps that jump, or are missing, leave the time of the reading")
  func jumps() {
    var clock = ArrivalClock()
    _ = clock.arrival(stamp: 0, now: 50, waited: 0.04)
    #expect(clock.arrival(stamp: 1000, now: 51, waited: 0) == 51)
    #expect(clock.arrival(stamp: 900, now: 52, waited: 0) == 52)
    #expect(clock.arrival(stamp: nil, now: 53, waited: 0) == 53)
    #expect(clock.burst(stamps: [nil, nil], now: 9) == [9, 9])
  }

  @Test("the packets of a segment are spread over its time; a jump begins anew")
  func segments() {
    var pacer = SegmentPacer()
    #expect(pacer.due(7, now: 100) == 100)
    #expect(pacer.due(7.5, now: 100.01) == 100.5)
    #expect(pacer.due(13, now: 100.02) == 106)
    #expect(pacer.due(500, now: 106) == 106)
    // The network was slow: what is late isn't made up for.
    #expect(pacer.due(501, now: 120) == 120)
  }

  @Test("the sender's time counts if it is plausible")
  func said() {
    let now = ContinuousClock.now
    let date = Date(timeIntervalSince1970: 1e9)
    func wall(_ said: Double?) -> Double {
      CaptureTime(age: 1, said: said, now: now, date: date).wall.timeIntervalSince1970 - 1e9
    }
    #expect(wall(nil) == -1 && wall(1e9 - 3) == -3)
    #expect(wall(1e9 - 0.8) == -1, "after the arrival, but the clocks are good")
    #expect(wall(1e9 + 60) == -1 && wall(1e9 - 3600) == -1 && wall(-.infinity) == -1)
    let capture = CaptureTime(age: 1, said: 1e9 - 3, now: now, date: date)
    #expect(abs(capture.lag(at: now) - 3) < 1e-6)
    #expect(abs(capture.lag(at: now + .seconds(2)) - 5) < 1e-6)
    #expect(abs(capture.age(at: now) - 1) < 1e-6)
  }
}

@Suite("The pace of a source without a length")
struct SourcePaceTests {
  /// A pace after packets at 25 a second that come `speed` times as fast, with some at once before.
  private func pace(seconds: Double, speed: Double, burst: Double = 0) -> SourcePace {
    var pace = SourcePace(mayBeFile: true)
    for number in 0..<Int(seconds * 25) {
      let stamp = Double(number) / 25
      pace.note(stamp: 7 + stamp, now: 100 + max(stamp - burst, 0) / speed)
    }
    return pace
  }

  @Test("a camera is one after two seconds, even with a burst at its start")
  func camera() {
    #expect(pace(seconds: 1.5, speed: 1).mayBeFile)
    #expect(!pace(seconds: 3, speed: 1).mayBeFile)
    #expect(!pace(seconds: 7, speed: 1, burst: 3.5).mayBeFile)
  }

  @Test("what comes faster than its clock is a file, and so is what ends before it is known")
  func film() {
    #expect(pace(seconds: 60, speed: 8).mayBeFile)
    #expect(pace(seconds: 2, speed: 100).mayBeFile)
    var known = SourcePace(mayBeFile: false)
    known.note(stamp: 0, now: 0)
    known.note(stamp: 60, now: 0.1)
    #expect(!known.mayBeFile)
  }
}
