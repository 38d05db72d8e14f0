import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Geometry
@testable import Media
@testable import Pictures

/// Compares regions of frames with the same regions cut from the whole picture.
@Suite(
  "Regions", .requires(.ffmpegPrograms))
struct RegionTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A display matrix for each way to turn a picture.
  private static let matrices: [String: [Int32]] = [
    "as coded": [1, 0, 0, 0, 1], "90": [0, 1, 0, -1, 0], "180": [-1, 0, 0, 0, -1],
    "270": [0, -1, 0, 1, 0], "mirrored": [-1, 0, 0, 0, 1], "mirrored 90": [0, 1, 0, 1, 0],
  ]

  /// A frame of the test picture, blurred and desaturated, so it hardly matters at which step
  /// chroma is enlarged.
  private func frame(
    _ format: String, width: Int, height: Int, matrix: [Int32]? = nil
  ) throws -> VideoFrame {
    let path = folder("\(format).\(matrix == nil ? "nut" : "mov")")
    let codec = matrix == nil ? "rawvideo" : format == "rgb24" ? "png" : "ffv1"
    try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-y", "-f", "lavfi", "-i",
        "testsrc2=size=164x122,gblur=sigma=2,hue=s=0.4,scale=\(width):\(height)", "-frames:v", "1",
        "-pix_fmt",
        format, "-c:v", codec, "-strict", "-2", path,
      ])
    if let matrix { try turn(path, matrix) }
    let frame = try #require(try VideoReader(path).next())
    #expect(frame.pixelFormat == format)
    try #require(frame.codedWidth == width && frame.codedHeight == height)
    return frame
  }

  /// Writes a matrix into the track header of a QuickTime file.
  private func turn(_ path: String, _ matrix: [Int32]) throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    let header = try #require(bytes.range(of: Data("tkhd".utf8)))
    // Version, times, identity, duration, layer and volume come before it.
    var place = header.upperBound + 40
    let (a, b, c, d) = (matrix[0], matrix[1], matrix[3], matrix[4])
    for value in [a, b, 0, c, d, 0].map({ $0 * 65536 }) + [0, 0, 1 << 30] {
      for shift in [24, 16, 8, 0] {
        bytes[place] = UInt8(truncatingIfNeeded: value >> Int32(shift))
        place += 1
      }
    }
    try bytes.write(to: URL(filePath: path))
  }

  private func whole(_ frame: VideoFrame) throws -> RGBImage {
    let image = RGBImage(width: frame.width, height: frame.height)
    try Scaler().scale(frame, into: image)
    return image
  }

  /// A region of a picture, scaled to the size of `image` through a file.
  private func scaled(_ picture: RGBImage, _ region: PixelRegion, like image: RGBImage) throws
    -> RGBImage
  {
    var bytes = Data("P6 \(region.width) \(region.height) 255\n".utf8)
    picture.withPixels { pixels in
      for y in region.y..<region.y + region.height {
        let start = 3 * (y * picture.width + region.x)
        for place in start..<start + 3 * region.width { bytes.append(pixels[place]) }
      }
    }
    let path = folder("part.ppm")
    try bytes.write(to: URL(filePath: path))
    return try scaledFirstFrame(path, width: image.width, height: image.height)
  }

  private func meanDifference(_ a: RGBImage, _ b: RGBImage) -> Double {
    let sum = zip(a.bytes, b.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(a.width * a.height * 3)
  }

  /// Compares random regions of a frame with the same regions of its whole picture.
  private func check(_ frame: VideoFrame, seed: UInt64, tolerance: Double) throws {
    let picture = try whole(frame)
    let scaler = Scaler()
    var random = SplitMix64(seed: seed)
    for _ in 0..<6 {
      let width = Int.random(in: 40...frame.width, using: &random)
      let height = Int.random(in: 40...frame.height, using: &random)
      let region = PixelRegion(
        x: Int.random(in: 0...frame.width - width, using: &random),
        y: Int.random(in: 0...frame.height - height, using: &random), width: width, height: height)
      let image = RGBImage(width: 40, height: 30)
      let taken = try scaler.scale(frame, region: region, into: image)
      #expect(taken.isInside(width: frame.width, height: frame.height))
      #expect(taken.x <= region.x && taken.y <= region.y)
      #expect(taken.x + taken.width >= region.x + width, "\(region) \(taken)")
      #expect(taken.y + taken.height >= region.y + height, "\(region) \(taken)")
      #expect(taken.width <= width + 7 && taken.height <= height + 3, "\(region) \(taken)")
      let difference = meanDifference(image, try scaled(picture, taken, like: image))
      #expect(difference < tolerance, "\(region) \(taken)")
      // An offset of one pixel would be noticed.
      if taken.x + taken.width < frame.width {
        var beside = taken
        beside.x += 1
        let shifted = meanDifference(image, try scaled(picture, beside, like: image))
        #expect(shifted > difference, "\(region): \(difference), a pixel beside it \(shifted)")
      }
    }
  }

  @Test(
    "a region shows what the frame shows there, in every kind of pixel format",
    arguments: [
      "yuv420p", "nv12", "yuv422p10le", "rgb24", "gray", "yuv444p", "yuv411p", "yuv410p",
      "yuyv422", "pal8", "gbrp", "yuva420p", "bgr0", "rgb565le", "gray10le", "ya8",
    ])
  func formats(format: String) throws {
    // Five-bit samples, and chroma samples shared by four pixels, locate the region less exactly.
    let tolerance = ["rgb565le", "yuv410p", "yuv411p"].contains(format) ? 3.5 : 2
    try check(try frame(format, width: 162, height: 122), seed: 5, tolerance: tolerance)
    // Two of the formats can't hold an odd number of columns.
    if !["yuyv422", "yuv411p"].contains(format) {
      try check(try frame(format, width: 163, height: 121), seed: 6, tolerance: tolerance)
    }
  }

  @Test(
    "a region is taken where it is displayed, whatever the orientation",
    arguments: ["as coded", "90", "180", "270", "mirrored", "mirrored 90"],
    ["yuv420p", "yuv422p10le", "rgb24", "gray"])
  func orientations(turn: String, format: String) throws {
    let matrix = try #require(Self.matrices[turn])
    for (width, height) in [(162, 122), (163, 121)] {
      let frame = try frame(format, width: width, height: height, matrix: matrix)
      #expect(frame.orientation == Orientation(matrix: matrix))
      // libswscale samples a little to the left, and mirroring turns that into the right.
      try check(frame, seed: 7, tolerance: 3.5)
    }
  }

  @Test("pixels that share a byte are not split")
  func bits() throws {
    let frame = try frame("monob", width: 162, height: 122)
    let picture = try whole(frame)
    let image = RGBImage(width: 64, height: 50)
    let taken = try Scaler().scale(
      frame, region: PixelRegion(x: 45, y: 13, width: 59, height: 50), into: image)
    #expect(taken == PixelRegion(x: 40, y: 13, width: 64, height: 50))
    #expect(meanDifference(image, try scaled(picture, taken, like: image)) == 0)
  }

  @Test("the whole frame as a region gives the same bytes as the frame")
  func wholeFrame() throws {
    for format in ["yuv420p", "rgb24", "yuv422p10le"] {
      let frame = try frame(format, width: 163, height: 121)
      let (plain, region) = (RGBImage(width: 60, height: 50), RGBImage(width: 60, height: 50))
      try Scaler().scale(frame, into: plain)
      let all = PixelRegion(x: 0, y: 0, width: 163, height: 121)
      // Other sizes come first: their contexts must not be mixed up with this one.
      let scaler = Scaler()
      for side in [20, 40, 60] {
        let part = PixelRegion(x: side, y: side, width: side, height: side)
        _ = try scaler.scale(frame, region: part, into: region)
      }
      #expect(try scaler.scale(frame, region: all, into: region) == all)
      #expect(plain.bytes == region.bytes)
    }
  }

  @Test("a region is inside only if all of it is")
  func inside() {
    func isInside(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Bool {
      PixelRegion(x: x, y: y, width: width, height: height).isInside(width: 10, height: 8)
    }
    #expect(isInside(0, 0, 10, 8) && isInside(9, 7, 1, 1))
    #expect(!isInside(-1, 0, 5, 5) && !isInside(0, 1, 10, 8) && !isInside(6, 0, 5, 5))
    #expect(!isInside(0, 0, 0, 5) && !isInside(1, 0, .max, 5) && !isInside(.max, 0, 1, 5))
  }
}

@Suite("Conversion cache")
struct ConversionCacheTests {
  private func format(_ width: Int) throws -> ImageFormat {
    try Picture(layout: try PictureLayout(width: width, height: 10)).imageFormat
  }

  @Test("recently used conversions are kept, and the least recently used is replaced")
  func eviction() throws {
    var cache = ConversionCache()
    let first = try cache.conversion(from: format(1), to: format(100))
    for width in 2...ConversionCache.capacity {
      _ = try cache.conversion(from: format(width), to: format(100))
    }
    #expect(try cache.conversion(from: format(1), to: format(100)) === first)
    let second = try cache.conversion(from: format(3), to: format(100))
    // Replaces the conversion for width 2, now the least recently used.
    _ = try cache.conversion(from: format(99), to: format(100))
    #expect(cache.count == ConversionCache.capacity)
    #expect(try cache.conversion(from: format(1), to: format(100)) === first)
    #expect(try cache.conversion(from: format(3), to: format(100)) === second)
    #expect(try cache.conversion(from: format(3), to: format(50)) !== second)
  }
}
