import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media

@Suite("Still pictures", .requires(.media))
struct PictureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The orientation that Exif calls 1 to 8, by what JPEG files with it have always got.
  private static let turns = [
    Orientation(), Orientation(flipsX: true), Orientation(flipsX: true, flipsY: true),
    Orientation(flipsY: true), Orientation(swapsAxes: true),
    Orientation(swapsAxes: true, flipsX: true),
    Orientation(swapsAxes: true, flipsX: true, flipsY: true),
    Orientation(swapsAxes: true, flipsY: true),
  ]

  private func orientation(_ path: String) throws -> Orientation {
    let reader = try VideoReader(path)
    let frame = try #require(try reader.next())
    let isTurned = frame.orientation.swapsAxes
    #expect((frame.width, frame.height) == (isTurned ? (48, 64) : (64, 48)))
    #expect((reader.info.width, reader.info.height) == (frame.width, frame.height))
    #expect(reader.info.kind == .image && reader.info.rotation == frame.rotation)
    return frame.orientation
  }

  @Test("the orientation in a PNG, a WebP and a TIFF file is applied", arguments: 1...8)
  func exif(value: Int) throws {
    let picture = "\(folder.path)/a"
    let input = ["-f", "lavfi", "-i", "color=red:s=64x48", "-frames:v", "1"]
    try ffmpeg(input[0], input[1], input[2], input[3], input[4], input[5], picture + ".png")
    try ffmpeg(input[0], input[1], input[2], input[3], input[4], input[5], picture + ".webp")
    var exif = TIFFFile(width: 1, height: 1)
    exif.tags[274] = value

    var png = [UInt8](try Data(contentsOf: URL(filePath: picture + ".png")))
    let chunk = Array("eXIf".utf8) + exif.bytes
    let end = png.count - 12
    png.insert(
      contentsOf: bigEndian(exif.bytes.count) + chunk + bigEndian(Int(crc32(chunk))), at: end)
    #expect(
      try orientation(folder.add("b.png", Data(png))) == Self.turns[value - 1])

    var webp = [UInt8](try Data(contentsOf: URL(filePath: picture + ".webp")))
    // With and without the name that JPEG puts before the data.
    let data = (value % 2 == 0 ? Array("Exif\0\0".utf8) : []) + exif.bytes
    webp += Array("EXIF".utf8) + bigEndian(data.count).reversed() + data
    webp.replaceSubrange(4..<8, with: bigEndian(webp.count - 8).reversed())
    #expect(
      try orientation(folder.add("b.webp", Data(webp))) == Self.turns[value - 1])

    for isLittle in [false, true] {
      var tiff = TIFFFile(width: 64, height: 48)
      tiff.isLittleEndian = isLittle
      tiff.tags[274] = value
      #expect(
        try orientation(folder.add("b.tiff", Data(tiff.bytes))) == Self.turns[value - 1])
    }
  }

  @Test("the rotation and the mirroring in an AVIF file are applied, in their order")
  func transforms() throws {
    var file = try HEIFFile(colors: ["red"], width: 64, height: 48, in: folder)
    let cases: [([[UInt8]], Int)] = [
      ([], 1), ([HEIFFile.rotation(1)], 8), ([HEIFFile.rotation(2)], 3),
      ([HEIFFile.rotation(3)], 6), ([HEIFFile.mirror(leftAndRight: true)], 2),
      ([HEIFFile.mirror(leftAndRight: false)], 4),
      ([HEIFFile.rotation(1), HEIFFile.mirror(leftAndRight: false)], 5),
      ([HEIFFile.rotation(3), HEIFFile.mirror(leftAndRight: false)], 7),
      ([HEIFFile.mirror(leftAndRight: false), HEIFFile.rotation(3)], 5),
    ]
    for (turns, exif) in cases {
      file.turns = turns
      let path = try folder.add("a.avif", Data(file.bytes))
      #expect(try orientation(path) == Self.turns[exif - 1], "\(turns)")
    }
  }

  @Test("an animated PNG is a video")
  func animation() throws {
    let path = folder.path + "/a.png"
    try ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x48:r=5:d=1", "-f", "apng", path)
    let reading = try Reading(path)
    #expect(reading.frames.count == 5 && reading.info.kind == .file)
  }

  @Test("a picture whose layout FFmpeg takes for another, or doesn't know, is refused")
  func layouts() throws {
    func code(_ change: (inout TIFFFile) -> Void) throws -> String? {
      var file = TIFFFile(width: 64, height: 48)
      change(&file)
      return try failure(folder.add("a.tif", Data(file.bytes)))
    }
    #expect(try code { _ in } == nil)
    #expect(try code { ($0.tags[322], $0.tags[323]) = (64, 48) } == "unsupported_picture")
    for compression in [6, 7, 34712, 50000] {
      #expect(try code { $0.tags[259] = compression } == "unsupported_picture")
    }
    #expect(try code { $0.version = 43 } == "unsupported_picture")
  }

  @Test("a TIFF file that ends within its strips is found to be short")
  func cutTIFF() throws {
    for isLittle in [false, true] {
      var file = TIFFFile(width: 64, height: 48)
      file.isLittleEndian = isLittle
      let whole = try folder.add("a.tif", Data(file.bytes))
      #expect(try ContainerExtent.shortfall(ofFile: whole) == nil)
      let cut = try folder.add("b.tif", Data(file.bytes.dropLast(100)))
      #expect(try ContainerExtent.shortfall(ofFile: cut) == "it ends 100 bytes early")
    }
  }

  @Test("an animated WebP is refused")
  func animatedWebP() throws {
    let path = folder.path + "/a.webp"
    try ffmpeg(
      "-f", "lavfi", "-i", "testsrc2=s=64x48:r=5:d=1", "-c:v", "libwebp_anim", path)
    #expect(try failure(path) == "unsupported_picture")
  }

  @Test("damaged metadata of pictures, boxes and playlists neither traps nor takes long")
  func damage() throws {
    var random = SplitMix64(seed: 77)
    var heif = try HEIFFile(colors: ["red", "blue"], width: 64, height: 64, in: folder)
    (heif.columns, heif.width) = (2, 128)
    heif.turns = [HEIFFile.rotation(1), HEIFFile.mirror(leftAndRight: true)]
    var tiff = TIFFFile(width: 8, height: 8)
    tiff.tags[274] = 6
    let keys = Array("#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,KEYFORMAT=\"a\"\n#EXTINF:1,\nb\n".utf8)
    let begun = ContinuousClock.now
    for bytes in [heif.bytes, tiff.bytes, keys, Array(tiff.bytes.reversed())] {
      for _ in 0..<1000 {
        let damaged = mutated(bytes, using: &random)
        _ = HEIFPicture(damaged)
        _ = Encryption.scheme(ofTracks: "vide", in: damaged)
        for format in PictureBytes.Format.allCases { _ = PictureBytes(damaged, format: format) }
        _ = MediaSignature(damaged)
        _ = PlaylistKeys.scheme(in: String(decoding: damaged, as: UTF8.self)) { $0 }
      }
    }
    #expect(ContinuousClock.now - begun < .seconds(longWait))
  }

  @Test("HEIC, and a grid of tiles, are refused where FFmpeg can't read them")
  func refusedHEIF() throws {
    var file = try HEIFFile(colors: ["red", "blue"], width: 64, height: 64, in: folder)
    (file.columns, file.width) = (2, 128)
    let grid = try folder.add("a.avif", Data(file.bytes))
    #expect(try failure(grid) == (PictureSupport.readsHEIF ? nil : "unsupported_picture"))
    file.brand = "heic"
    let heic = try folder.add("a.heic", Data(file.bytes))
    #expect(try failure(heic) == (PictureSupport.readsHEIF ? nil : "unsupported_picture"))
  }

  @Test(
    "a grid of tiles is put together to the whole picture", .enabled(if: PictureSupport.readsHEIF))
  func grid() throws {
    var file = try HEIFFile(
      colors: ["red", "lime", "blue", "white", "black", "yellow"], width: 64, height: 64,
      in: folder)
    // The last column and row are cut.
    (file.columns, file.width, file.height) = (3, 180, 100)
    file.turns = [HEIFFile.rotation(3)]
    let path = try folder.add("a.avif", Data(file.bytes))
    let frame = try #require(try VideoReader(path).next())
    #expect((frame.width, frame.height) == (100, 180) && frame.rotation == 90)
    let image = try scaledFirstFrame(path, width: 100, height: 180)
    // Turned right, so the first column is the first row from the right.
    #expect(image.isNear([255, 0, 0], 80, 20, tolerance: 12))
    #expect(image.isNear([255, 255, 255], 20, 20, tolerance: 12))
    #expect(image.isNear([0, 255, 0], 80, 90, tolerance: 12))
    #expect(image.isNear([255, 255, 0], 20, 160, tolerance: 12))
  }

  private func bigEndian(_ value: Int) -> [UInt8] {
    (0..<4).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
