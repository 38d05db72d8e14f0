import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

/// Clocks that are set back, set forward or counted round, in all the ways that recorders do it.
@Suite("Clocks that break")
struct BrokenClockTests {
  private let limits = ClockLimits(ahead: 10, wrapBits: 33)
  private let tick = TimeBase(1, 90_000)

  /// The seconds of frames with these stamps in seconds, at 25 frames a second, and the repairs.
  private func times(_ stamps: [Double], limits: ClockLimits? = nil) -> (t: [Double], repairs: Int)
  {
    var clock = FrameClock(
      timeBase: tick, frameRate: Rational(25, 1), limits: limits ?? self.limits)
    let t = stamps.map { clock.place(tick.ticks($0), duration: 0).t }
    return (t.map { ($0 * 1000).rounded() / 1000 }, clock.repairs)
  }

  @Test("a clock that is set back goes on, also as FFmpeg reports it: one round later")
  func setBack() {
    let round = Double(1 << 33) / 90_000
    #expect(times([100, 100.04, 1.4, 1.44]).t == [0, 0.04, 0.08, 0.12])
    let wrapped = times([100, 100.04, 1.4 + round, 1.44 + round])
    #expect(wrapped.t == [0, 0.04, 0.08, 0.12] && wrapped.repairs == 2)
  }

  @Test("a clock that is set forward goes on with the next frame; a gap of seconds is kept")
  func setForward() {
    #expect(times([0, 0.04, 50_000, 50_000.04]).t == [0, 0.04, 0.08, 0.12])
    #expect(times([0, 0.04, 5, 5.04]).t == [0, 0.04, 5, 5.04])
    #expect(times([0, 0.04, 5, 5.04]).repairs == 0)
    // Without a clock of its own, as in a file with an index, times are what they are.
    #expect(times([0, 0.04, 3600], limits: ClockLimits()).t == [0, 0.04, 3600])
  }

  @Test("a counter that goes round is no break, however often it does")
  func goesRound() {
    let round = Double(1 << 33) / 90_000
    let result = times([round - 0.08, round - 0.04, round, round + 0.04, 0.08, 0.12])
    #expect(result.t == [0, 0.04, 0.08, 0.12, 0.16, 0.2])
    #expect(result.repairs == 0)
  }

  @Test("a single stamp that is far off moves no other frame")
  func stray() {
    let result = times([0, 0.04, 70_000, 0.12, 0.16])
    #expect(result.t == [0, 0.04, 0.08, 0.12, 0.16] && result.repairs == 1)
  }

  @Test("a stray stamp that takes the next frame's time moves no other frame")
  func strayBehind() {
    let result = times([0, 0.04, 0.08, 0, 0.12, 0.16, 0.2])
    #expect(result.t == [0, 0.04, 0.08, 0.12, 0.12, 0.16, 0.2])
  }

  @Test("the clock of a live source is believed as far as time has passed")
  func live() {
    var clock = FrameClock(
      timeBase: tick, frameRate: Rational(25, 1), limits: ClockLimits(ahead: 2, wrapBits: 33))
    let start = ContinuousClock.now
    func t(_ stamp: Double, at seconds: Double) -> Double {
      let place = clock.place(
        tick.ticks(stamp), duration: 0, arrival: start.advanced(by: .seconds(seconds)))
      return (place.t * 1000).rounded() / 1000
    }
    #expect(t(10, at: 0) == 0)
    // A camera that was silent for half a minute, and says so.
    #expect(t(40, at: 30) == 30)
    // One that is set forward by a day, and back again.
    #expect(t(86_440, at: 30.1) == 30.1)
    #expect(t(86_440.04, at: 30.14) == 30.14)
    #expect(t(7, at: 31.14) == 31.14)
    #expect(clock.repairs == 3)
  }

  @Test(
    "joined recordings keep their frame rate, whether the clock goes back or forward",
    .requires(.ffmpegPrograms),
    arguments: [
      ("ts", 100.0, 0.0), ("ts", 0, 100_000), ("mpg", 200, 0), ("mpg", 0, 3000),
      ("ts", 95_441, 95_443),
    ])
  func joined(kind: String, first: Double, second: Double) throws {
    let folder = try ScratchFolder()
    var bytes = Data()
    for offset in [first, second] {
      let path = folder("part.\(kind)")
      _ = try runProgram(
        "ffmpeg",
        [
          "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=2", "-f", "lavfi", "-i",
          "sine=d=2", "-c:v", "mpeg2video", "-bf", "2", "-c:a", "mp2", "-output_ts_offset",
          "\(offset)", path,
        ])
      bytes += try Data(contentsOf: URL(filePath: path))
    }
    let path = folder("joined.\(kind)")
    try bytes.write(to: URL(filePath: path))
    var options = InputOptions()
    options.keepsAudio = true
    let reader = try VideoReader(path, options: options)
    var times: [Double] = []
    var sound: [Double] = []
    func take() {
      for packet in reader.takeAudioPackets() {
        if let pts = packet.pts { sound.append(packet.timeBase.seconds(pts)) }
      }
    }
    while let frame = try reader.next() {
      times.append(frame.t)
      take()
    }
    take()
    #expect(times.count >= 98)
    let steps = zip(times.dropFirst(), times).map { $0 - $1 }
    #expect(steps.allSatisfy { $0 > 0 && $0 < 0.5 }, "\(steps)")
    let jumps = zip(sound.dropFirst(), sound).map { $0 - $1 }
    #expect(jumps.allSatisfy { abs($0) < 0.5 }, "\(jumps)")
    let isRound = first > 95_000
    #expect((reader.repairedTimestamps > 0) != isRound)
    #expect(reader.missingPart == nil)
  }
}
