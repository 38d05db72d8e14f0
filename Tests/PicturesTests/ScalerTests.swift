import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Media
@testable import Pictures

@Suite("Scaler", .requires(.media))
struct ScalerTests {
  @Test(
    "colours are reproduced in each matrix and range",
    arguments: [
      "color-bt601-tv.mkv", "color-bt601-pc.mkv", "color-bt709-tv.mkv", "color-bt709-pc.mkv",
      "color-bt2020-tv.mkv",
    ])
  func colors(clip: String) throws {
    let image = try scaledFirstFrame(media(clip), width: 64, height: 48)
    #expect(image.isNear([0xC8, 0x32, 0x14], 16, 12), "\(image.pixel(16, 12))")
    #expect(image.isNear([0x14, 0xC8, 0x32], 48, 12), "\(image.pixel(48, 12))")
    #expect(image.isNear([0x32, 0x14, 0xC8], 16, 36), "\(image.pixel(16, 36))")
    #expect(image.isNear([0xB4, 0xB4, 0xB4], 48, 36), "\(image.pixel(48, 36))")
  }

  @Test(
    "the red corner is where the rotated picture has it",
    arguments: [
      ("marker.mp4", [3, 3]), ("rotated-90.mp4", [60, 3]), ("rotated-180.mp4", [60, 60]),
      ("rotated-270.mp4", [3, 60]),
    ])
  func rotation(clip: String, corner: [Int]) throws {
    let image = try scaledFirstFrame(media(clip), width: 64, height: 64)
    for (x, y) in [(3, 3), (60, 3), (60, 60), (3, 60)] {
      let expected = [x, y] == corner ? [254, 0, 0] : [0, 0, 0]
      #expect(image.isNear(expected, x, y, tolerance: 8), "\(x), \(y): \(image.pixel(x, y))")
    }
  }

  @Test(
    "every image format shows the same picture",
    arguments: ["image.jpg", "image.png", "image.webp", "image.bmp", "image.tiff"])
  func images(name: String) throws {
    let image = try scaledFirstFrame(media(name), width: 64, height: 48)
    #expect(image.isNear([254, 0, 0], 8, 6, tolerance: 8), "\(image.pixel(8, 6))")
    #expect(image.isNear([0, 0, 0], 48, 36, tolerance: 8), "\(image.pixel(48, 36))")
  }

  @Test("grey pictures are read as full range")
  func grey() throws {
    let image = try scaledFirstFrame(media("gray.png"), width: 64, height: 48)
    let corner = image.pixel(8, 6)
    #expect(corner[0] == corner[1] && corner[1] == corner[2])
    // Red is 76 of 255 in BT.601 luma.
    #expect((73...79).contains(corner[0]), "\(corner)")
    #expect(image.isNear([0, 0, 0], 48, 36))
  }

  @Test(
    "one scaler handles sizes and formats that change midway",
    arguments: ["size-change.ts", "format-change.avi", "ten-bit.mkv", "odd.mkv", "odd.avi"])
  func changes(clip: String) throws {
    let frames = try Reading(media(clip)).frames
    let scaler = Scaler()
    let shared = RGBImage(width: 33, height: 21)
    for frame in frames {
      try scaler.scale(frame, into: shared)
      let fresh = RGBImage(width: 33, height: 21)
      try Scaler().scale(frame, into: fresh)
      #expect(shared.bytes == fresh.bytes)
    }
  }

  @Test("a change of chroma format does not change the colours")
  func sameColorsAfterChange() throws {
    let frames = try Reading(media("format-change.avi")).frames
    let images = try frames.prefix(2).map { frame in
      let image = RGBImage(width: 32, height: 24)
      try Scaler().scale(frame, into: image)
      return image
    }
    // A pixel in the bars of the test picture, which don't move.
    #expect(images[0].isNear(images[1].pixel(2, 2), 2, 2, tolerance: 12))
  }

  @Test("shrinking averages pixels as the ffmpeg program does")
  func averages() throws {
    let image = try scaledFirstFrame(media("plain.mp4"), width: 40, height: 30)
    let expected = try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-i", media("plain.mp4"), "-frames:v", "1", "-vf",
        "scale=40:30:flags=bilinear+accurate_rnd+full_chroma_int", "-f", "rawvideo", "-pix_fmt",
        "rgb24", "-",
      ])
    let differences = image.withPixels { pixels in
      (0..<pixels.count).map { abs(Int(pixels[$0]) - Int(expected[$0])) }
    }
    #expect(expected.count == 40 * 30 * 3)
    #expect(Double(differences.reduce(0, +)) / Double(differences.count) < 2)
  }

  @Test("a JPEG is rotated as its Exif data says")
  func exif() throws {
    let folder = try ScratchFolder()
    var bytes = try Data(contentsOf: URL(filePath: media("image.jpg")))
    // An Exif segment with one entry: orientation (0x0112), a short, 6: turn 90 degrees clockwise.
    let exif: [UInt8] = [
      0xFF, 0xE1, 0x00, 0x22, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1,
      0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
    ]
    bytes.insert(contentsOf: exif, at: bytes.startIndex + 2)
    try bytes.write(to: URL(filePath: folder("turned.jpg")))
    let info = try VideoReader(folder("turned.jpg")).info
    #expect(info.rotation == 90)
    #expect(info.width == 96 && info.height == 128)
    let image = try scaledFirstFrame(folder("turned.jpg"), width: 64, height: 64)
    #expect(image.isNear([254, 0, 0], 60, 3, tolerance: 8))
  }
}

@Suite("Orientation")
struct OrientationTests {
  @Test("rotation moves every corner where the matrix says")
  func corners() {
    // Corners of a 2 x 3 picture, clockwise from the top left, as (matrix, displayed corners).
    let one: Int32 = 65536
    let cases: [([Int32], String, Int, Bool)] = [
      ([one, 0, 0, 0, one], "ABCD", 0, false),
      ([0, one, 0, -one, 0], "DABC", 90, false),
      ([-one, 0, 0, 0, -one], "CDAB", 180, false),
      ([0, -one, 0, one, 0], "BCDA", 270, false),
      ([-one, 0, 0, 0, one], "BADC", 0, true),
      ([one, 0, 0, 0, -one], "DCBA", 180, true),
      ([0, one, 0, one, 0], "ADCB", 90, true),
      ([0, -one, 0, -one, 0], "CBAD", 270, true),
      ([0, 0, 0, 0, 0], "ABCD", 0, false),
    ]
    for (matrix, corners, degrees, isMirrored) in cases {
      let orientation = Orientation(matrix: matrix)
      let source = RGBImage(width: 2, height: 3)
      for (place, letter) in zip([0, 1, 5, 4], "ABCD".utf8) {
        unsafe source.pixels[place * 3] = letter
      }
      let size = orientation.displayed(width: 2, height: 3)
      let target = RGBImage(width: size.width, height: size.height)
      orientation.turn(source, into: target)
      let (right, bottom) = (size.width - 1, size.height - 1)
      let shown = [(0, 0), (right, 0), (right, bottom), (0, bottom)].map { target.pixel($0, $1)[0] }
      #expect(shown == corners.utf8.map(Int.init), "\(matrix)")
      #expect(orientation.degrees == degrees, "\(matrix)")
      #expect(orientation.isMirrored == isMirrored, "\(matrix)")
    }
  }

  @Test("an angle between quarter turns is rounded to the nearer one")
  func slanted() {
    let matrix: [Int32] = [61584, 22414, 0, -22414, 61584]
    #expect(Orientation(matrix: matrix) == .identity)
    #expect(Orientation(matrix: []) == .identity)
  }
}
