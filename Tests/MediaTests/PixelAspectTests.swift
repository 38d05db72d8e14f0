import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

/// Where the shape of pixels is known to the container alone, it still reaches frames and videos.
@Suite("Pixel aspect", .requires(.ffmpegPrograms))
struct PixelAspectTests {
  /// A container and a codec that have a place for the shape of pixels, each or only the former.
  private static let clips: [(name: String, codec: [String])] = [
    ("prores.mov", ["-c:v", "prores_ks", "-profile:v", "0"]),
    ("vp9.webm", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]),
    ("vp9.mp4", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]),
    ("vp8.mkv", ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"]),
    ("ffv1.mkv", ["-c:v", "ffv1"]), ("ffv1.avi", ["-c:v", "ffv1"]),
    ("wmv.asf", ["-c:v", "wmv2"]), ("av1.mp4", ["-c:v", "libsvtav1", "-preset", "12"]),
    ("mjpeg.mov", ["-c:v", "mjpeg"]), ("h264.mp4", ["-c:v", "libx264"]),
    ("raw.nut", ["-c:v", "rawvideo"]),
  ]

  private func isEncodable(_ codec: [String]) throws -> Bool {
    let list = String(
      decoding: try runProgram("ffmpeg", ["-v", "error", "-encoders"]), as: UTF8.self)
    return list.contains(" \(codec[1]) ")
  }

  /// The aspect of the first frame's pixels, of the source and of its copy.
  private func check(_ source: String, copiedTo path: String, _ name: String) throws {
    let reader = try VideoReader(source)
    #expect(reader.info.pixelAspect?.value.isNear(16.0 / 11) == true, "\(name)")
    let first = try reader.next()
    let frame = try #require(first)
    let picture = try Picture(frame, converter: PictureConverter())
    let aspect = Rational(picture.pixelAspect)
    #expect(aspect?.value.isNear(16.0 / 11) == true, "\(name): \(String(describing: aspect))")
    var options = VideoWriterOptions(
      timeBase: reader.info.timeBase, frameRate: reader.info.averageFrameRate)
    if path.hasSuffix("webm") { options.codec = "vp9" }
    try writeVideo(path, options, times: [0, 1, 2, 3]) { _ in picture }
    let written = try probed(path, "stream=sample_aspect_ratio", ["-select_streams", "v:0"])
    let parts = try #require(written.first).split(separator: ":").compactMap { Double($0) }
    #expect(parts.count == 2 && (parts[0] / parts[1]).isNear(16.0 / 11), "\(name): \(written)")
  }

  @Test("it survives in every container and codec that --video writes", arguments: clips)
  func everyContainer(name: String, codec: [String]) throws {
    if try !isEncodable(codec) { try Requirement.everyEncoder.checkInside() }
    let folder = try ScratchFolder()
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=176x144:r=10:d=0.5,setsar=16/11"] + codec
        + [folder(name)])
    for suffix in ["mp4", "mkv", "webm"] {
      try check(folder(name), copiedTo: folder("\(name).\(suffix)"), "\(name) to \(suffix)")
    }
  }

  @Test("what the container says, as `-aspect` sets it, comes before what the codec says")
  func containerFirst() throws {
    let folder = try ScratchFolder()
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=176x144:r=10:d=0.5", "-c:v", "libx264"]
        + [folder("square.mp4")])
    for name in ["a.mp4", "a.mov", "a.mkv"] {
      try runProgram(
        "ffmpeg",
        ["-v", "error", "-i", folder("square.mp4"), "-c", "copy", "-aspect", "16:9", folder(name)])
      try check(folder(name), copiedTo: folder("copy-\(name)"), name)
    }
  }
}

extension Double {
  /// Equal but for what a container rounds.
  fileprivate func isNear(_ other: Double) -> Bool { abs(self - other) < 0.01 }
}
