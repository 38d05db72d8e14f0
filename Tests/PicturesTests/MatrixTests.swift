import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

/// Files show the colours that the network saw, whatever a picture was cut from or turned to.
@Suite("The matrix of untagged pictures", .requires(.ffmpegPrograms))
struct MatrixTests {
  private static let color = [40, 200, 90]

  /// The first frame of a clip of one colour, untagged, of `size`, turned by `degrees`.
  private func frame(_ size: String, degrees: Int, in folder: ScratchFolder) throws -> VideoFrame {
    let matrix = size.hasSuffix("576") || size.hasSuffix("480") ? "bt601" : "bt709"
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "color=0x28C85A:s=\(size):r=10:d=0.2,format=rgb24"]
        + ["-vf", "scale=out_color_matrix=\(matrix):out_range=tv,format=yuv420p"]
        + ["-c:v", "mpeg4", "-q:v", "1", folder("a.mp4")])
    try turn(folder("a.mp4"), by: degrees, to: folder("b.mp4"))
    let next = try VideoReader(folder("b.mp4")).next()
    let frame = try #require(next)
    #expect([degrees, (360 - degrees) % 360].contains(frame.rotation))
    return frame
  }

  private func isNear(_ bytes: [UInt8], _ note: String) {
    for (byte, expected) in zip(bytes, Self.color) {
      #expect(abs(Int(byte) - expected) <= 6, "\(note): \(bytes.prefix(3))")
    }
  }

  @Test(
    "frames, crops and videos of a turned clip have the colours of the network's input",
    arguments: [("720x576", 90), ("720x576", 0), ("720x480", 270), ("1280x720", 90)])
  func turned(size: String, degrees: Int) throws {
    let folder = try ScratchFolder()
    let frame = try frame(size, degrees: degrees, in: folder)
    let input = RGBImage(width: 32, height: 32)
    try Scaler().scale(frame, into: input)
    isNear(input.bytes, "network")
    let picture = try Picture(frame, converter: PictureConverter())
    let crop = try #require(try picture.cropped(x: 10, y: 10, width: 64, height: 64))
    for (name, picture) in [("frame", picture), ("crop", crop)] {
      for suffix in ["png", "jpg"] {
        try ImageFile.write(picture, path: folder("\(name).\(suffix)"))
        isNear(try rgb(folder("\(name).\(suffix)")), "\(name).\(suffix)")
      }
    }
    try picture.fillRectangle(x: 0, y: 0, width: 64, height: 64, color: Color(hex: 0x28C85A))
    try ImageFile.write(picture, path: folder("drawn.png"))
    isNear(try rgb(folder("drawn.png")), "what is drawn")
    try writeVideo(folder("out.mp4"), VideoWriterOptions(timeBase: TimeBase(1, 25)), times: [0]) {
      _ in picture
    }
    let next = try VideoReader(folder("out.mp4")).next()
    try Scaler().scale(#require(next), into: input)
    isNear(input.bytes, "video")
  }
}
