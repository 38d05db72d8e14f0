import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("Probe", .requires(.media))
struct ProbeTests {
  @Test("a plain clip has a constant rate and a keyframe per second")
  func plain() throws {
    let probe = try SourceProbe(media("plain.mp4"))
    #expect(probe.video.codec == "h264")
    #expect(probe.video.width == 320 && probe.video.height == 240)
    #expect(probe.video.bitDepth == 8)
    #expect(probe.video.averageFrameRate == Rational(25, 1))
    #expect(probe.packets == 50)
    #expect(probe.keyframes == 2)
    #expect(probe.keyframeInterval == .init(average: 1, longest: 1))
    #expect(!probe.timestamps.isVariableFrameRate)
    #expect(probe.timestamps.gaps.isEmpty && probe.timestamps.jumps.isEmpty)
    #expect(probe.audio.map(\.codec) == ["aac"])
    #expect(probe.audio.first?.sampleRate == 48000)
    #expect(probe.isScannedToEnd)
    #expect(probe.truncation == nil)
  }

  @Test("a variable rate and a gap are detected")
  func variable() throws {
    let timestamps = try SourceProbe(media("vfr.mkv")).timestamps
    #expect(timestamps.isVariableFrameRate)
    #expect(timestamps.gaps == [.init(at: 0.36, seconds: 1.04)])
    #expect(timestamps.shortestInterval == 0.04)
  }

  @Test("a jump back is detected")
  func jump() throws {
    let timestamps = try SourceProbe(media("jump-back.ts")).timestamps
    #expect(timestamps.jumps.map(\.packet) == [25])
    #expect(!timestamps.isVariableFrameRate)
  }

  @Test("rotation, HDR and truncation are reported")
  func traits() throws {
    #expect(try SourceProbe(media("rotated-90.mp4")).video.rotation == 90)
    #expect(try SourceProbe(media("color-bt2020-tv.mkv")).video.isHDR)
    #expect(try SourceProbe(media("ten-bit.mkv")).video.bitDepth == 10)
    #expect(try SourceProbe(media("cut.mp4")).truncation != nil)
    #expect(try SourceProbe(media("image.png")).kind == .image)
    #expect(throws: MediaError.self) { try SourceProbe(media("audio-only.m4a")) }
  }

  @Test("a limit in seconds ends the scan early")
  func limited() throws {
    let probe = try SourceProbe(media("plain.mp4"), seconds: 0.5)
    #expect(!probe.isScannedToEnd)
    #expect((10...20).contains(probe.packets))
  }

  @Test("a probe survives a round trip through JSON")
  func json() throws {
    let probe = try SourceProbe(media("plain.mp4"))
    let data = try JSONEncoder().encode(probe)
    #expect(String(decoding: data, as: UTF8.self).contains("\"averageFrameRate\":[25,1]"))
    #expect(try JSONDecoder().decode(SourceProbe.self, from: data) == probe)
  }

  @Test("intervals that vary by one tick are a constant rate")
  func swing() {
    let packets = (0..<200).map { index in
      let tick = Int64((Double(index) * 1000 / 23.976).rounded())
      return TimestampAnalysis.Times(pts: tick, dts: tick)
    }
    let analysis = TimestampAnalysis(packets, timeBase: TimeBase(1, 1000))
    #expect(!analysis.isVariableFrameRate)
    #expect(analysis.missing == 0)
  }

  @Test("a clock that is set back is a jump and no gap, although FFmpeg adds a period to it")
  func setBack() {
    let period: Int64 = 1 << 33
    func frames(_ count: Int64, from start: Int64) -> [TimestampAnalysis.Times] {
      (0..<count).map { .init(pts: start + $0 * 3600, dts: start + $0 * 3600) }
    }
    let joined = frames(50, from: 90_000_000) + frames(50, from: 126_000 + period)
    let analysis = TimestampAnalysis(joined, timeBase: TimeBase(1, 90_000), period: period)
    #expect(analysis.gaps.isEmpty)
    #expect(analysis.jumps == [.init(packet: 50, from: 1001.96, to: 1.4)])
    #expect(analysis.longestInterval == 0.04)
    // A counter that really started again goes on.
    let whole = TimestampAnalysis(
      frames(100, from: period - 180_000), timeBase: TimeBase(1, 90_000), period: period)
    #expect(whole.gaps.isEmpty && whole.jumps.isEmpty)
  }

  @Test("extreme timestamps do not trap")
  func extremes() {
    let packets = [Int64.max, .min, 0, -1, .max, .min].map {
      TimestampAnalysis.Times(pts: $0, dts: $0)
    }
    let analysis = TimestampAnalysis(
      packets + [.init(pts: nil, dts: nil)], timeBase: TimeBase(1, 1))
    #expect(analysis.missing == 1)
    #expect(!analysis.jumps.isEmpty)
  }
}
