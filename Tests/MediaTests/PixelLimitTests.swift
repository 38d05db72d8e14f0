import CFFmpeg
import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

/// Pictures of more pixels than are allowed are refused before there is memory for them.
@Suite("The largest picture", .requires(.ffmpegPrograms))
struct PixelLimitTests {
  private static let formats: [(name: String, codec: [String])] = [
    ("a.gif", ["gif"]), ("a.png", ["png"]), ("a.apng", ["apng"]), ("a.jpg", ["mjpeg"]),
    ("a.bmp", ["bmp"]), ("a.tiff", ["tiff"]), ("a.webp", ["libwebp"]), ("a.jp2", ["jpeg2000"]),
    ("a.ppm", ["ppm"]), ("a.avif", ["libaom-av1", "-cpu-used", "8"]),
    ("a.mp4", ["libx264"]), ("a.ts", ["libx264"]), ("a.flv", ["libx264"]),
    ("a.mkv", ["libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]), ("a.avi", ["mjpeg"]),
    ("av1.mp4", ["libsvtav1", "-preset", "12"]), ("a.y4m", ["wrapped_avframe"]),
  ]

  private func render(_ size: String, _ codec: [String], to path: String, frames: Int) throws {
    let still = path.hasSuffix("tiff") || path.hasSuffix("jp2") ? ["-update", "1"] : []
    try runProgram(
      "ffmpeg",
      ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=\(size):r=10", "-frames:v", "\(frames)"]
        + ["-c:v"] + codec + (codec[0] == "png" ? [] : ["-pix_fmt", pixelFormat(codec[0])])
        + still + [path])
  }

  private func pixelFormat(_ codec: String) -> String {
    switch codec {
    case "gif": "pal8"
    case "apng", "bmp", "tiff", "ppm", "jpeg2000": codec == "bmp" ? "bgr24" : "rgb24"
    case "mjpeg": "yuvj420p"
    default: "yuv420p"
    }
  }

  @Test("a picture over the limit is refused with its size, in every format", arguments: formats)
  func everyFormat(name: String, codec: [String]) throws {
    let folder = try ScratchFolder()
    let isStill = ["png", "jpg", "bmp", "tiff", "webp", "jp2", "ppm", "avif"].contains {
      name.hasSuffix($0) && name != "a.apng"
    }
    do {
      try render("176x144", codec, to: folder(name), frames: isStill ? 1 : 5)
    } catch let error as ProgramFailure where error.message.contains("Unknown encoder") {
      try Requirement.everyEncoder.checkInside()
    }
    var options = InputOptions()
    options.maxPixels = 176 * 144
    #expect(try !Reading(folder(name), options: options).frames.isEmpty)
    options.maxPixels -= 1
    #expect {
      _ = try Reading(folder(name), options: options)
    } throws: { error in
      let error = error as? MediaError
      return error?.code == .tooManyPixels && error?.message.contains("176 x 144") == true
        && error?.remedy.contains("--max-pixels") == true
    }
  }

  @Test("a size that no picture has is refused with its numbers", arguments: ["png", "ppm", "tga"])
  func impossible(format: String) throws {
    let side: UInt16 = 60000
    let (low, high) = (UInt8(truncatingIfNeeded: side), UInt8(side >> 8))
    let big: [UInt8] = [0, 0, high, low]
    let header: [UInt8] =
      switch format {
      case "png":
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
          + chunk("IHDR", big + big + [8, 2, 0, 0, 0])
          + chunk("IDAT", [0x78, 0x9C])
      case "ppm": Array("P6\n\(side) \(side)\n255\n".utf8)
      default: [0, 0, 2] + [UInt8](repeating: 0, count: 9) + [low, high, low, high, 24, 0]
      }
    let folder = try ScratchFolder()
    let path = folder("a.\(format)")
    try Data(header + [UInt8](repeating: 0, count: 4096)).write(to: URL(filePath: path))
    let error = try #require(throws: MediaError.self) { _ = try Reading(path) }
    #expect(error.code == .tooManyPixels && error.message.contains("60000 x 60000"), "\(error)")
  }

  @Test("a size that grows in the middle fails those frames alone")
  func grows() throws {
    let folder = try ScratchFolder()
    try render("64x48", ["libx264"], to: folder("a.ts"), frames: 10)
    try render("640x480", ["libx264"], to: folder("b.ts"), frames: 10)
    var bytes = try Data(contentsOf: URL(filePath: folder("a.ts")))
    bytes += try Data(contentsOf: URL(filePath: folder("b.ts")))
    try bytes.write(to: URL(filePath: folder("c.ts")))
    let all = try Reading(folder("c.ts"))
    #expect(Set(all.frames.map(\.width)) == [64, 640])
    var options = InputOptions()
    options.maxPixels = 100_000
    let small = try Reading(folder("c.ts"), options: options)
    #expect(Set(small.frames.map(\.width)) == [64] && small.frames.count >= 9)
    #expect(small.failed > 0)
  }

  @Test("compressed metadata of a PNG is never inflated; the picture and plain text are read")
  func hiddenMetadata() throws {
    let folder = try ScratchFolder()
    try render("64x48", ["png"], to: folder("a.png"), frames: 1)
    var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder("a.png"))))
    // After the signature and the header: "zlib" of one stored block of five bytes.
    let stored: [UInt8] = [0x78, 1, 1, 5, 0, 0xFA, 0xFF] + "hello".utf8 + [6, 0x2C, 2, 0x15]
    for (type, key, body) in [
      ("zTXt", "packed", [0, 0] + stored), ("tEXt", "plain", [0] + Array("hello".utf8)),
      ("iCCP", "profile", [0, 0] + stored),
    ] {
      let data = Array(key.utf8) + body
      bytes.insert(contentsOf: chunk(type, data), at: 33)
    }
    try Data(bytes).write(to: URL(filePath: folder("b.png")))
    let frame = try #require(try Reading(folder("b.png")).frames.first)
    #expect(unsafe dictionaryEntry("packed", of: frame.raw.pointee.metadata) == nil)
    #expect(unsafe dictionaryEntry("plain", of: frame.raw.pointee.metadata) == "hello")
    #expect(unsafe av_frame_get_side_data(frame.raw, AV_FRAME_DATA_ICC_PROFILE) == nil)
  }

  private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let typed = Array(type.utf8) + data
    func bigEndian(_ value: UInt32) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }
    return bigEndian(UInt32(data.count)) + typed + bigEndian(crc32(typed))
  }
}
