import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("Times")
struct TimeTests {
  /// The repaired times of `stamps`, one every 10 ticks, and the number of repairs.
  private func repaired(_ stamps: [Int64?]) -> ([Int64], Int) {
    var repair = TimestampRepair()
    let times = stamps.map { repair.place($0, duration: 10) }
    return (times, repair.repairs)
  }

  @Test("increasing timestamps stay as they are, gaps included")
  func sound() {
    #expect(repaired([5, 15, 100, 110]) == ([5, 15, 100, 110], 0))
    #expect(repaired([-20, -10, 0]) == ([-20, -10, 0], 0))
  }

  @Test("a missing timestamp becomes the previous one plus a frame")
  func missing() {
    #expect(repaired([0, nil, nil, 30]) == ([0, 10, 20, 30], 2))
    #expect(repaired([nil, nil]) == ([0, 10], 2))
  }

  @Test("after a jump back the intervals are kept")
  func jumpBack() {
    #expect(repaired([0, 10, 20, 0, 15, 20]) == ([0, 10, 20, 30, 45, 50], 3))
  }

  @Test("a single stray timestamp does not shift those after it")
  func stray() {
    #expect(repaired([0, 10, 20, 5, 40, 50]) == ([0, 10, 20, 30, 40, 50], 1))
    #expect(repaired([0, 10, 10, 30]) == ([0, 10, 20, 30], 1))
  }

  @Test("extreme timestamps do not trap")
  func extremes() {
    let (times, repairs) = repaired([.max, .min, 0, .max, nil, .min + 1])
    #expect(times.count == 6)
    #expect(repairs > 0)
    var clock = FrameClock(timeBase: TimeBase(1, 25), frameRate: Rational(25, 1))
    _ = clock.place(.min, duration: .max)
    #expect(clock.place(.max, duration: .min).t.isFinite)
  }

  @Test("time bases convert both ways")
  func conversion() {
    let base = TimeBase(1, 90_000)
    #expect(base.seconds(442_800) == 4.92)
    #expect(base.ticks(4.92) == 442_800)
    #expect(base.ticks(.nan) == .min && base.ticks(-.infinity) == .min)
    #expect(base.ticks(.infinity) == .max)
    let time = PresentationTime(pts: 442_800, timeBase: base)
    #expect(time.rescaled(to: TimeBase(1, 1000)).pts == 4920)
    #expect(Rational(30000, 1001).value > 29.97)
  }

  @Test("a clip whose second half starts at zero again keeps its frame rate", .requires(.media))
  func joinedClip() throws {
    let reading = try Reading(media("jump-back.ts"))
    #expect(reading.repaired == 25)
    #expect(reading.frames.map(\.pts)[0] == reading.frames.map(\.pts)[25])
    for (frame, next) in zip(reading.frames, reading.frames.dropFirst()) {
      #expect(abs(next.t - frame.t - 0.04) < 1e-9)
    }
  }

  @Test(
    "the time stamps are those that ffprobe reads, at a variable rate too",
    .requires(.media), arguments: ["vfr.mkv", "plain.mp4", "plain.ts", "plain.mkv", "odd.avi"])
  func sameAsFFprobe(name: String) throws {
    let expected = try probed(
      media(name), "frame=best_effort_timestamp", ["-select_streams", "v:0"]
    ).compactMap { Int64($0.prefix { $0 != "," }) }
    #expect(!expected.isEmpty)
    #expect(try Reading(media(name)).frames.map(\.pts) == expected)
  }

  @Test("seconds follow the timestamps at a variable rate", .requires(.media))
  func variableRate() throws {
    let times = try Reading(media("vfr.mkv")).frames.map(\.t)
    let expected = (0..<20).map { (index: Int) -> Double in
      Double(index < 10 ? index * 40 : 1400 + (index - 10) * 100) / 1000
    }
    #expect(times.count == expected.count)
    #expect(zip(times, expected).allSatisfy { abs($0 - $1) < 1e-9 })
  }
}
