import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

/// What was declared and never came has to show, in every container; and nothing else may.
@Suite("Missing parts", .requires(.ffmpegPrograms))
struct MissingPartTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Makes a clip of four seconds with sound.
  private func clip(_ name: String, _ options: [String]) throws -> String {
    let path = folder(name)
    _ = try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=4", "-f", "lavfi",
        "-i", "sine=r=48000:d=4", "-threads", "1",
      ] + options + [path])
    return path
  }

  private func missing(_ path: String) throws -> (Shortfall?, frames: Int) {
    let reader = try VideoReader(path)
    var frames = 0
    while try reader.next() != nil { frames += 1 }
    return (reader.missingPart, frames)
  }

  private static let h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
  private static let hevc = [
    "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=25",
  ]
  /// Short clusters: what follows a damaged place in one is lost up to the next.
  private static let short = ["-cluster_time_limit", "500"]
  private static let mpeg2 = ["-c:v", "mpeg2video", "-c:a", "mp2"]

  /// A name for each container, and how it is written.
  private static let containers: [(name: String, options: [String])] = [
    ("a.mp4", h264 + ["-bf", "2"]), ("a.mov", h264), ("a.mkv", h264 + ["-bf", "2"] + short),
    ("live.mkv", h264 + short + ["-f", "matroska", "-live", "1"]), ("a.ts", h264 + ["-bf", "2"]),
    ("a.m2ts", h264 + ["-c:a", "ac3"]), ("a.flv", h264 + ["-c:a", "aac"]),
    ("a.avi", ["-c:v", "mpeg4", "-bf", "2"]),
    ("frag.mp4", h264 + ["-movflags", "frag_keyframe+empty_moov"]), ("a.mpg", mpeg2),
    ("a.vob", mpeg2), ("a.mxf", ["-c:v", "mpeg2video"]), ("a.nut", ["-c:v", "ffv1"]),
    ("a.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"] + short),
    ("a.ogv", ["-c:v", "libtheora", "-c:a", "libvorbis"]), ("a.wmv", ["-c:v", "wmv2"]),
    ("a.gif", ["-an", "-t", "1"]), ("a.mjpeg", ["-an", "-c:v", "mjpeg"]),
    ("a.h264", ["-an"] + h264), ("a.hevc", ["-an"] + hevc),
    ("a.y4m", ["-an", "-t", "1", "-pix_fmt", "yuv420p"]),
    ("a.ivf", ["-an", "-c:v", "libvpx", "-deadline", "realtime"]),
    ("a.3gp", ["-an", "-c:v", "h263", "-s", "176x144"]),
    ("dv.avi", ["-an", "-c:v", "dvvideo", "-s", "720x576", "-pix_fmt", "yuv420p", "-t", "1"]),
    ("a.dv", ["-an", "-c:v", "dvvideo", "-s", "720x576", "-pix_fmt", "yuv420p", "-t", "1"]),
    ("a.m3u8", h264 + ["-g", "25", "-f", "hls", "-hls_time", "1", "-hls_list_size", "0"]),
    // A rate that varies, pauses of seconds, a late start, and sound that outlasts the picture.
    ("vfr.mkv", h264 + ["-vf", pauses, "-vsync", "vfr"]),
    ("vfr.mp4", h264 + ["-vf", pauses, "-vsync", "vfr"]),
    ("vfr.ts", h264 + ["-vf", pauses, "-vsync", "vfr"]),
    ("vfr.flv", h264 + ["-vf", pauses, "-vsync", "vfr", "-c:a", "aac"]),
    ("vfr.avi", ["-c:v", "mpeg4", "-vf", pauses, "-vsync", "vfr"]),
    ("long-sound.mkv", h264 + ["-filter:a", "apad=pad_dur=5"]),
    ("long-sound.flv", h264 + ["-filter:a", "apad=pad_dur=5", "-c:a", "aac"]),
    // A demuxer that ends with "-1".
    ("a.gxf", ["-an", "-c:v", "mpeg2video", "-s", "720x576"]),
    ("late.mkv", h264 + ["-output_ts_offset", "7"]),
    ("late.ts", h264 + ["-output_ts_offset", "95440"]),
  ]

  /// Leaves out many frames here and there, as recordings of screens do.
  private static let pauses = "select='lt(mod(n\\,17)\\,9)*not(between(n\\,30\\,70))'"

  @Test("a healthy file of any container is complete", arguments: containers.indices)
  func healthy(index: Int) throws {
    let container = Self.containers[index]
    let (missing, frames) = try missing(clip(container.name, container.options))
    #expect(missing == nil, "\(container.name): \(String(describing: missing))")
    #expect(frames > 20)
  }

  @Test("an edit list that leaves out the start is no loss")
  func editList() throws {
    let whole = try clip("whole.mp4", Self.h264 + ["-g", "50"])
    let path = folder("edited.mp4")
    _ = try runProgram(
      "ffmpeg", ["-v", "error", "-y", "-ss", "1", "-i", whole, "-c", "copy", path])
    #expect(try missing(path).0 == nil)
  }

  @Test(
    "a file that is cut off is truncated",
    arguments: [
      "a.ts", "a.m2ts", "a.flv", "a.avi", "a.mkv", "a.mpg", "a.mxf", "a.ogv", "a.wmv", "a.gif",
      "a.mjpeg", "a.y4m", "a.dv", "a.ivf", "frag.mp4", "a.h264",
    ])
  func cut(name: String) throws {
    let container = try #require(Self.containers.first { $0.name == name })
    let path = try clip(name, container.options)
    let bytes = try Data(contentsOf: URL(filePath: path))
    try bytes.prefix(bytes.count * 6 / 10 / 188 * 188).write(to: URL(filePath: path))
    #expect(try missing(path).0?.kind == .truncated)
  }

  @Test(
    "bytes that are lost in the middle are a gap",
    arguments: [
      "a.mkv", "live.mkv", "a.webm", "a.ts", "a.m2ts", "a.flv", "a.avi", "a.ogv", "a.wmv",
    ], [true, false])
  func hole(name: String, isZeroed: Bool) throws {
    let container = try #require(Self.containers.first { $0.name == name })
    let path = try clip(name, container.options)
    var bytes = try Data(contentsOf: URL(filePath: path))
    let start = bytes.count / 2 / 188 * 188
    let range = start..<start + min(bytes.count / 8, 16_384) / 188 * 188
    bytes.replaceSubrange(range, with: isZeroed ? Data(count: range.count) : Data())
    try bytes.write(to: URL(filePath: path))
    let (missing, frames) = try missing(path)
    // Without its bytes a file may also be shorter than its header says.
    #expect(missing?.kind == .gaps || !isZeroed && missing?.kind == .truncated, "\(frames)")
  }

  @Test(
    "a long hole beside a damaged frame is a gap in any container",
    arguments: [("b.mxf", "mpeg2video"), ("b.nut", "mpeg4"), ("b.wtv", "mpeg2video")])
  func holeBesideDamage(name: String, codec: String) throws {
    let path = try clip(name, ["-an", "-c:v", codec, "-g", "12"])
    var bytes = try Data(contentsOf: URL(filePath: path))
    let (start, length) = (bytes.count * 2 / 5, bytes.count / 4)
    bytes.replaceSubrange(start..<start + length, with: Data(count: length))
    try bytes.write(to: URL(filePath: path))
    let (shortfall, frames) = try missing(path)
    #expect(shortfall?.kind == .gaps && frames < 90, "\(frames)")
  }

  @Test(
    "a hole in a stream without times shows by what its frames refer to, or by what is no picture",
    arguments: [("a.h264", false), ("a.h264", true), ("a.hevc", false), ("a.mjpeg", true)])
  func holeWithoutTimes(name: String, isZeroed: Bool) throws {
    let container = try #require(Self.containers.first { $0.name == name })
    let path = try clip(name, container.options)
    var bytes = try Data(contentsOf: URL(filePath: path))
    let range = bytes.count * 3 / 10..<bytes.count * 55 / 100
    bytes.replaceSubrange(range, with: isZeroed ? Data(count: range.count) : Data())
    try bytes.write(to: URL(filePath: path))
    let (missing, frames) = try missing(path)
    #expect(missing?.kind == .gaps && frames < 90, "\(frames): \(missing as Any)")
  }

  @Test("of MP4 files one behind the other only the first is read")
  func joinedFiles() throws {
    let bytes = try Data(contentsOf: URL(filePath: clip("one.mp4", Self.h264)))
    try (bytes + bytes).write(to: URL(filePath: folder("both.mp4")))
    let (missing, frames) = try missing(folder("both.mp4"))
    #expect(frames == 100 && missing?.kind == .truncated)
    #expect(missing?.message.contains("another file begins at its byte \(bytes.count)") == true)
  }

  @Test("a video that goes on in another stream is cut off there, and says so")
  func otherStream() throws {
    let paths = try [0x100, 0x200].map { pid in
      try clip("\(pid).ts", Self.h264 + ["-an", "-mpegts_start_pid", "\(pid)"])
    }
    let bytes = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
    try (bytes[0] + bytes[1]).write(to: URL(filePath: folder("both.ts")))
    let (missing, frames) = try missing(folder("both.ts"))
    #expect(frames == 100 && missing?.kind == .truncated)
    #expect(missing?.message.contains("frames of another one") == true, "\(missing as Any)")
  }

  @Test("streams of Theora one behind the other are read to the end", arguments: [160, 80])
  func chained(width: Int) throws {
    let paths = try ["one.ogv", "two.ogv"].map { name in
      let size = name == "two.ogv" ? ["-vf", "scale=\(width):-2"] : []
      return try clip(name, ["-an", "-c:v", "libtheora"] + size)
    }
    let bytes = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
    try (bytes[0] + bytes[1]).write(to: URL(filePath: folder("both.ogv")))
    let (missing, frames) = try missing(folder("both.ogv"))
    #expect(frames == 200 && missing == nil, "\(String(describing: missing))")
  }

  @Test("a Matroska file with eight kilobytes of zeros in the middle has a gap")
  func zeros() throws {
    let path = try clip("zeros.mkv", Self.h264 + ["-an", "-g", "250"])
    var bytes = try Data(contentsOf: URL(filePath: path))
    let start = bytes.count * 2 / 5
    bytes.replaceSubrange(start..<start + 8192, with: Data(count: 8192))
    try bytes.write(to: URL(filePath: path))
    #expect(try missing(path).0 != nil)
  }

  @Test("an AVI file that was written into a pipe declares no length")
  func pipedAVI() throws {
    let path = folder("piped.avi")
    let command =
      "ffmpeg -v error -f lavfi -i testsrc2=s=160x120:r=25:d=4 -c:v mpeg4 -f avi - >'\(path)'"
    _ = try runProgram("sh", ["-c", command])
    #expect(try missing(path).0 == nil)
  }

  @Test("a Matroska file without a length is truncated where it is cut within a frame")
  func cutPipe() throws {
    let path = folder("piped.mkv")
    let command =
      "ffmpeg -v error -f lavfi -i testsrc2=s=160x120:r=25:d=4 -c:v mpeg4 -f matroska -"
      + " | head -c 150000 >'\(path)'"
    _ = try runProgram("sh", ["-c", command])
    #expect(try missing(path).0?.kind == .truncated)
  }

  @Test("fragments behind a place where bytes were lost are missing")
  func splicedFragments() throws {
    let path = try clip(
      "spliced.mp4", Self.h264 + ["-g", "12", "-movflags", "frag_keyframe+empty_moov"])
    var bytes = try Data(contentsOf: URL(filePath: path))
    bytes.removeSubrange(bytes.count / 2..<bytes.count * 7 / 10)
    try bytes.write(to: URL(filePath: path))
    #expect(try missing(path).0?.kind == .truncated)
  }

  @Test("many frames in a row that the decoder can't decode are a gap")
  func undecodable() throws {
    let path = try clip("zeroed.mp4", Self.h264 + ["-an", "-g", "25"])
    var bytes = try Data(contentsOf: URL(filePath: path))
    let start = bytes.count / 2
    bytes.replaceSubrange(start..<start + bytes.count / 6, with: Data(count: bytes.count / 6))
    try bytes.write(to: URL(filePath: path))
    #expect(try missing(path).0?.kind == .gaps)
  }

  @Test("so are those at the end, after which no frame comes")
  func undecodableEnd() throws {
    let path = try clip(
      "zeroed-end.mp4", Self.h264 + ["-an", "-g", "25", "-movflags", "faststart"])
    var bytes = try Data(contentsOf: URL(filePath: path))
    let start = bytes.count * 85 / 100
    bytes.replaceSubrange(start..., with: Data(count: bytes.count - start))
    try bytes.write(to: URL(filePath: path))
    let (shortfall, frames) = try missing(path)
    #expect(shortfall?.kind == .gaps && frames > 60 && frames < 95, "\(frames)")
  }
}
