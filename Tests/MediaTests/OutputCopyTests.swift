import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

@Suite("From a reader to a writer", .requires(.ffmpegPrograms))
struct CopyTests {
  /// Copies the pictures and the audio of `source` to `path`, and returns the number of frames.
  @discardableResult
  private func copy(_ source: String, to path: String, codec: String? = nil) throws -> Int {
    var input = InputOptions()
    input.keepsAudio = true
    let reader = try VideoReader(source, options: input)
    var options = VideoWriterOptions(
      timeBase: reader.info.timeBase, frameRate: reader.info.averageFrameRate,
      audio: reader.audio)
    options.codec = codec
    let writer = try VideoWriter(path, options: options)
    let converter = PictureConverter()
    while let frame = try reader.next() {
      for packet in reader.takeAudioPackets() { try writer.write(audio: packet) }
      try writer.write(
        Picture(frame, converter: converter), at: frame.presentationTime,
        conforming: PictureConform())
    }
    for packet in reader.takeAudioPackets() { try writer.write(audio: packet) }
    try writer.finish()
    return writer.frameCount
  }

  @Test(
    "frame times and audio packets are those of the source",
    arguments: [
      ("vfr.mp4", ["-vf", "select='not(mod(n,3))+not(mod(n,7))'", "-vsync", "vfr"], "out.mp4"),
      ("ntsc.mp4", ["-r", "30000/1001"], "out.mp4"),
      ("late.ts", ["-r", "25"], "out.mp4"), ("flat.mkv", ["-r", "24"], "out.mkv"),
      ("film.mov", ["-r", "24000/1001"], "out.mov"),
    ])
  func timesAndAudio(name: String, filter: [String], output: String) throws {
    let folder = try ScratchFolder()
    let source = folder(name)
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=96x64:r=30:d=3", "-f", "lavfi", "-i"]
        + ["sine=d=3", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-c:a", "aac"]
        + filter + [source])
    let path = folder(output)
    let count = try copy(source, to: path)
    let (before, after) = try (secondsOfFrames(source), secondsOfFrames(path))
    #expect(before.count == count && after.count == count && count > 30)
    let exact = output.hasSuffix("mkv") ? 0.0006 : 0.00002
    let start = try #require(before.first)
    #expect(abs(after.first ?? 1) < 0.06, "the first picture is at the start")
    for (old, new) in zip(before, after) {
      #expect(abs((old - start) - (new - (after.first ?? 0))) < exact, "\(old) and \(new)")
    }
    let (sound, copied) = try (audioPackets(source), audioPackets(path))
    #expect(!sound.isEmpty)
    // MP4 stores AAC without the 7-byte ADTS header that each transport stream packet has.
    let header = name.hasSuffix("ts") ? 7 : 0
    #expect(copied.map { $0.size + header } == sound.map(\.size), "every packet, none changed")
    // Audio and video stay in sync.
    let (a, b) = (try #require(sound.first), try #require(copied.first))
    let drift = (a.time - start) - (b.time - (after.first ?? 0))
    #expect(abs(drift) < 0.002, "\(drift) s")
  }

  @Test("audio that a container does not support is left out, and the video is complete")
  func unsuitableAudio() throws {
    let folder = try ScratchFolder()
    let source = folder("wv.mkv")
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=1", "-f", "lavfi", "-i"]
        + ["sine=d=1", "-c:v", "mpeg4", "-c:a", "wavpack", source])
    try copy(source, to: folder("out.mp4"))
    #expect(try audioPackets(folder("out.mp4")).isEmpty)
    #expect(try secondsOfFrames(folder("out.mp4")).count == 10)
    try copy(source, to: folder("out.mkv"))
    #expect(try !audioPackets(folder("out.mkv")).isEmpty)
  }

  @Test("audio before the first picture is kept only as far as decoders need it")
  func lateVideo() throws {
    let folder = try ScratchFolder()
    let source = folder("late.mkv")
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-itsoffset", "2", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=1"]
        + ["-f", "lavfi", "-i", "sine=d=3", "-c:v", "mpeg4", "-c:a", "aac", source])
    try copy(source, to: folder("out.mkv"))
    let first = try #require(audioPackets(folder("out.mkv")).first)
    let picture = try #require(secondsOfFrames(folder("out.mkv")).first)
    #expect(abs(first.time - picture) <= 0.13)
  }

  @Test(
    "pictures are those that the ffmpeg program shows",
    arguments: [
      ("yuv420p", "64x48", 0), ("yuv420p", "63x47", 90), ("yuv420p", "64x48", 180),
      ("yuv420p", "66x48", 270), ("yuv422p", "64x48", 0), ("yuv444p", "61x47", 0),
      ("yuv420p10le", "64x48", 0), ("yuv422p10le", "63x47", 0), ("yuvj420p", "64x48", 0),
      ("yuvj422p", "64x48", 0), ("gray", "64x48", 0), ("rgb24", "64x48", 0),
      ("yuva420p", "64x48", 0), ("pal8", "64x48", 0),
    ])
  func conversion(format: String, size: String, rotation: Int) throws {
    let folder = try ScratchFolder()
    let source = folder(rotation == 0 ? (format == "pal8" ? "a.png" : "a.mkv") : "a.mp4")
    let codec =
      switch (format, rotation) {
      case ("pal8", _), ("rgb24", _): "png"
      case (_, 0): "ffv1"
      default: "mpeg4"
      }
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=\(size)", "-frames:v", "1", "-c:v", codec]
        + ["-q:v", "2", "-pix_fmt", format, "-color_range", format.hasPrefix("yuvj") ? "pc" : "tv"]
        + ["-y", source])
    var shown = source
    if rotation != 0 {
      shown = folder("b.mp4")
      try turn(source, by: rotation, to: shown)
    }
    let next = try VideoReader(shown).next()
    let frame = try #require(next)
    let picture = try Picture(frame, converter: PictureConverter())
    #expect(picture.tags.isFullRange == (format.hasPrefix("yuvj") || format == "gray"))
    let png = folder("ours.png")
    try ImageFile.write(picture, path: png)
    let (ours, theirs) = try (rgb(png), rgb(shown))
    #expect(ours.count == theirs.count)
    let difference = meanDifference([ours], [theirs])
    // The two enlarge chroma differently, and 4:4:4 and RGB lose chroma at edges when it is halved.
    let isHalved = ["yuv444p", "rgb24", "pal8"].contains(format)
    #expect(difference < (isHalved ? 12 : 5), "\(difference)")
    guard format.hasPrefix("yuv"), !picture.tags.isFullRange else { return }
    let luma = try decoded(shown, width: picture.width, height: picture.height)
    #expect(meanDifference(luma, picture.samples(.luma)) < 0.6)
  }

  @Test("every rotation and mirroring of a plane puts each sample where it is displayed")
  func orientations() {
    let (width, height) = (83, 131)
    let plane = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 256) }
    for bits in 0..<8 {
      let turn = Orientation(
        swapsAxes: bits & 1 != 0, flipsX: bits & 2 != 0, flipsY: bits & 4 != 0)
      let shown = turn.displayed(width: width, height: height)
      var output = [UInt8](repeating: 0, count: shown.width * shown.height)
      unsafe plane.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
          guard let from = source.baseAddress, let to = target.baseAddress else { return }
          unsafe copyPlane(
            PlaneView(start: from, stride: width, width: width, height: height), turn, to: to,
            stride: shown.width)
        }
      }
      for y in 0..<shown.height {
        for x in 0..<shown.width {
          let right = turn.flipsX ? shown.width - 1 - x : x
          let down = turn.flipsY ? shown.height - 1 - y : y
          let from = turn.swapsAxes ? right * width + down : down * width + right
          if output[y * shown.width + x] != plane[from] {
            Issue.record("turn \(bits) at \(x), \(y)")
            return
          }
        }
      }
    }
  }

  @Test(
    "the colour tags of the source are written to the video",
    arguments: [
      ("yuv420p", "tv", "bt709", "bt709", "bt709"),
      ("yuv420p10le", "tv", "bt2020nc", "smpte2084", "bt2020"),
      ("yuvj420p", "pc", "bt470bg", "smpte170m", "bt470bg"),
    ])
  func tags(format: String, range: String, matrix: String, transfer: String, primaries: String)
    throws
  {
    let folder = try ScratchFolder()
    let source = folder("a.mkv")
    try runProgram(
      "ffmpeg",
      // From FFmpeg 7 on the filters' tags count, before it the encoder's.
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=1", "-c:v", "ffv1", "-vf"]
        + ["format=\(format),setparams=color_primaries=\(primaries):color_trc=\(transfer)"]
        + ["-pix_fmt", format, "-color_range", range, "-colorspace", matrix]
        + ["-color_trc", transfer, "-color_primaries", primaries, source])
    try copy(source, to: folder("b.mp4"))
    let tags = try probed(
      folder("b.mp4"), "stream=color_range,color_space,color_transfer,color_primaries")
    #expect(tags == ["\(range),\(matrix),\(transfer),\(primaries)"])
  }

  @Test("a rotated phone video is written upright, and non-square pixels are kept")
  func rotatedCopy() throws {
    let folder = try ScratchFolder()
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=96x64:d=1:r=10,setsar=4/3", "-c:v", "mpeg4"]
        + [folder("a.mp4")])
    try turn(folder("a.mp4"), by: 90, to: folder("b.mp4"))
    try copy(folder("b.mp4"), to: folder("c.mp4"))
    let shape = try probed(folder("c.mp4"), "stream=width,height,sample_aspect_ratio")
    #expect(shape == ["64,96,3:4"])
    #expect(try probed(folder("c.mp4"), "stream_side_data=rotation").allSatisfy { $0.isEmpty })
  }
}

/// When each frame of `path` is displayed, in seconds.
private func secondsOfFrames(_ path: String) throws -> [Double] {
  try probed(path, "frame=pts_time", ["-select_streams", "v:0"])
    .compactMap { Double($0.prefix { $0 != "," }) }
}

/// The time and size of each audio packet of `path`.
private func audioPackets(_ path: String) throws -> [(time: Double, size: Int)] {
  try probed(path, "packet=pts_time,size", ["-select_streams", "a:0"]).compactMap { line in
    let parts = line.split(separator: ",")
    guard parts.count >= 2, let time = Double(parts[0]), let size = Int(parts[1]) else {
      return nil
    }
    return (time, size)
  }
}
