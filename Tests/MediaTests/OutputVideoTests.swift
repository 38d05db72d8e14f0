import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

@Suite("Video writer", .requires(.ffmpegPrograms))
struct VideoWriterTests {
  @Test(
    "a rate of 30000/1001 keeps its exact times",
    arguments: ["mp4", "mov", "nut", "ts"])
  func ntsc(suffix: String) throws {
    let folder = try ScratchFolder()
    let path = folder("out." + suffix)
    let base = TimeBase(1, 90_000)
    let times = (0..<30).map { Int64($0) * 3003 }
    try writeVideo(
      path, VideoWriterOptions(timeBase: base, frameRate: Rational(30000, 1001)), times: times)
    let written = try frameTimes(path, in: base)
    let first = try #require(written.first)
    #expect(written.map { $0 - first } == times)
    #expect(folder.names == ["out." + suffix], "no partial file is left")
    if suffix == "mp4" || suffix == "mov" {
      #expect(first == 0)
      let rate = try probed(path, "stream=avg_frame_rate", ["-select_streams", "v:0"])
      #expect(rate.first?.hasPrefix("30000/1001") == true, "\(rate)")
    }
  }

  @Test(
    "frames at irregular times keep their times",
    arguments: [
      ("h264", "mp4"), ("hevc", "mp4"), ("mpeg4", "mp4"), ("vp9", "webm"), ("mjpeg", "mkv"),
      ("ffv1", "mkv"), ("h264", "mkv"), ("h264", "flv"),
    ])
  func variableRate(codec: String, suffix: String) throws {
    try encoder(codec).checkInside()
    let folder = try ScratchFolder()
    let path = folder("out." + suffix)
    // Milliseconds, which every container here can represent; the start is not 0.
    let times: [Int64] = [100, 133, 150, 400, 401, 1000, 1040, 3000, 3033, 3066, 3100, 9000]
    var options = VideoWriterOptions(timeBase: TimeBase(1, 1000), frameRate: Rational(25, 1))
    options.codec = codec
    try writeVideo(path, options, times: times)
    let written = try frameTimes(path, in: TimeBase(1, 1000))
    // FLV has no negative decoding times, so everything is shifted by the reordering delay.
    let start = try suffix == "flv" ? #require(written.first) : 0
    #expect(written.map { $0 - start } == times.map { $0 - 100 }, "\(written)")
    let found = try probed(path, "stream=codec_name", ["-select_streams", "v:0"])
    #expect(found == [codec])
  }

  @Test("a container with a fixed rate keeps every frame")
  func avi() throws {
    let folder = try ScratchFolder()
    let path = folder("out.avi")
    let times = (0..<40).map { Int64($0) * 3600 }
    try writeVideo(
      path, VideoWriterOptions(timeBase: TimeBase(1, 90_000), frameRate: Rational(25, 1)),
      times: times)
    #expect(try probed(path, "packet=pts", ["-count_packets"]).count == 40)
    let rate = try probed(path, "stream=r_frame_rate")
    #expect(rate == ["25/1"])
  }

  @Test("odd sizes grow by one for the encoder, and the picture is unchanged")
  func oddSize() throws {
    let folder = try ScratchFolder()
    let source = try testPicture(width: 61, height: 47)
    for (name, size) in [("a.mp4", "62,48"), ("b.mkv", "61,47")] {
      var options = VideoWriterOptions(timeBase: TimeBase(1, 25))
      if name == "b.mkv" { options.codec = "ffv1" }
      let path = folder(name)
      try writeVideo(path, options, times: [0, 1, 2]) { _ in source }
      #expect(try probed(path, "stream=width,height") == [size])
      let lines = try decoded(path, width: size == "62,48" ? 62 : 61, height: 47)
      #expect(meanDifference(lines.map { Array($0.prefix(61)) }, source.samples(.luma)) < 1.5)
    }
  }

  @Test("colours survive encoding", arguments: ["h264", "hevc", "mjpeg"])
  func colors(codec: String) throws {
    try encoder(codec).checkInside()
    let folder = try ScratchFolder()
    let path = folder("out.mkv")
    var options = VideoWriterOptions(timeBase: TimeBase(1, 25))
    options.codec = codec
    let source = try testPicture(width: 128, height: 96)
    try writeVideo(path, options, times: [0, 1, 2, 3]) { _ in source }
    let png = folder("decoded.png")
    try runProgram("ffmpeg", ["-v", "error", "-i", path, "-frames:v", "1", png])
    let original = folder("source.png")
    try ImageFile.write(source, path: original)
    let difference = meanDifference([try rgb(png)], [try rgb(original)])
    #expect(difference < 4, "\(difference)")
  }

  @Test("pictures of another size are scaled to the first")
  func changingSize() throws {
    let folder = try ScratchFolder()
    let path = folder("out.mp4")
    try writeVideo(path, VideoWriterOptions(timeBase: TimeBase(1, 25)), times: [0, 1, 2, 3]) {
      try testPicture(width: $0 < 2 ? 96 : 48, height: $0 < 2 ? 64 : 80)
    }
    #expect(try probed(path, "stream=width,height") == ["96,64"])
    #expect(try frameTimes(path).count == 4)
  }

  @Test("a video with times that repeat or jump back still has every frame")
  func brokenTimes() throws {
    let folder = try ScratchFolder()
    let path = folder("out.mp4")
    let times: [Int64] = [0, 40, 40, 80, 79, 120, 5000, 100, 140, 180, Int64.max, Int64.min]
    try writeVideo(
      path, VideoWriterOptions(timeBase: TimeBase(1, 1000)), times: times.dropLast(2))
    let written = try frameTimes(path)
    #expect(written.count == 10)
    #expect(zip(written, written.dropFirst()).allSatisfy { $0 < $1 })
    var clock = StreamClock(origin: 0, step: 40, tolerance: 1000)
    let placed = times.map { clock.place($0) }
    #expect(placed.prefix(9) == [0, 40, 41, 80, 81, 120, 5000, 5040, 5080])
    #expect(zip(placed, placed.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test("the index of an mp4 comes before its data")
  func fastStart() throws {
    let folder = try ScratchFolder()
    let path = folder("out.mp4")
    try writeVideo(path, VideoWriterOptions(timeBase: TimeBase(1, 25)), times: [0, 1, 2])
    let bytes = try Data(contentsOf: URL(filePath: path))
    let index = try #require(bytes.range(of: Data("moov".utf8)))
    let data = try #require(bytes.range(of: Data("mdat".utf8)))
    #expect(index.lowerBound < data.lowerBound)
  }
}

/// The presentation times of the decoded frames of `path`, in ticks of `base`.
private func frameTimes(_ path: String, in base: TimeBase) throws -> [Int64] {
  let text = try probed(path, "stream=time_base", ["-select_streams", "v:0"])
  let parts = try #require(text.first).split(separator: "/").compactMap { Int($0) }
  let own = try TimeBase(#require(parts.first), #require(parts.last))
  return try frameTimes(path).map {
    PresentationTime(pts: $0, timeBase: own).rescaled(to: base).pts
  }
}

/// The luma lines of the first frame of `path`.
func decoded(_ path: String, width: Int, height: Int) throws -> [[UInt8]] {
  let bytes = try runProgram(
    "ffmpeg",
    ["-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"])
  return (0..<height).map { y in Array(bytes[y * width..<(y + 1) * width]) }
}
