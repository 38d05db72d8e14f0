import Foundation
import MediaTestSupport
import TestSupport
import Testing

@testable import Geometry
@testable import Media
@testable import Pictures

@Suite("Masks", .requires(.ffmpegPrograms))
struct MaskTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A triangle and a rectangle, in fractions.
  private let masks = [
    [Point(x: 0.11, y: 0.13), Point(x: 0.42, y: 0.23), Point(x: 0.17, y: 0.61)],
    [
      Point(x: 0.7, y: 0.52), Point(x: 1, y: 0.52), Point(x: 1, y: 0.83), Point(x: 0.7, y: 0.83),
    ],
  ]

  /// Two frames that differ below the masks alone, but there in every pixel.
  private func frames(_ format: String, width: Int, height: Int) throws -> [VideoFrame] {
    // The border between two pixels decides as little as that of a mask: pixels are hidden whose
    // area a mask touches.
    func inside(_ mask: [Point]) -> String {
      let corners = mask.map {
        Point(x: $0.x * Double(width), y: $0.y * Double(height))
      }
      let polygon = Polygon(corners)
      return (0..<height).flatMap { row -> [String] in
        polygon.spans(from: Double(row), to: Double(row + 1)).map { span in
          let (first, last) = (Int(span.lowerBound), Int(span.upperBound.rounded(.up)))
          return "drawbox=x=\(first):y=\(row):w=\(max(last - first, 1)):h=1:t=fill"
        }
      }.joined(separator: "§")
    }
    let boxes = masks.map(inside).joined(separator: "§").split(separator: "§")
    let path = folder("\(format)-\(width)x\(height).nut")
    // The second frame has other colours below the masks. Full chroma until the end.
    let chain = boxes.enumerated().map { index, box in
      "\(box):c=\(["white", "red", "blue"][index % 3]):enable='eq(n,1)'"
    }
    try runProgram(
      "ffmpeg",
      [
        "-v", "error", "-y", "-f", "lavfi", "-i",
        "testsrc2=size=\(width)x\(height),format=yuv444p,loop=loop=-1:size=1,"
          + chain.joined(separator: ","), "-frames:v", "2", "-sws_flags", "neighbor", "-pix_fmt",
        format, "-c:v", "rawvideo", path,
      ])
    return try Reading(path).frames
  }

  @Test(
    "what a mask hides has no influence, whatever the format and the size",
    arguments: [
      "yuv420p", "nv12", "yuv422p", "yuv410p", "yuv444p", "yuv420p10le", "rgb24", "gray", "uyvy422",
    ])
  func independence(format: String) throws {
    for (width, height) in [(164, 122), (163, 61), (640, 362)] {
      let frames = try frames(format, width: width, height: height)
      try #require(frames.count == 2)
      let regions = [
        PixelRegion(x: 0, y: 0, width: width, height: height),
        PixelRegion(x: 9, y: 5, width: width / 2, height: height / 2),
        PixelRegion(x: width / 2, y: height / 3, width: width / 2 - 3, height: height / 2),
      ]
      for region in regions {
        for (columns, rows) in [(300, 300), (64, 48), (33, 21), (width, height)] {
          let images = try frames.map { frame in
            let image = RGBImage(width: columns, height: rows)
            _ = try Scaler().scale(frame, region: region, hiding: masks, into: image)
            return image
          }
          #expect(
            images[0].bytes == images[1].bytes, "\(region) as \(columns) x \(rows) of \(format)")
          // It can fail: without masks they differ.
          let plain = try frames.map { frame in
            let image = RGBImage(width: columns, height: rows)
            _ = try Scaler().scale(frame, region: region, into: image)
            return image
          }
          #expect(plain[0].bytes != plain[1].bytes)
        }
      }
    }
  }

  @Test("below a mask is grey, and away from it the picture is as without")
  func place() throws {
    let frame = try #require(try frames("yuv420p", width: 640, height: 362).first)
    let (plain, masked) = (RGBImage(width: 160, height: 90), RGBImage(width: 160, height: 90))
    let whole = PixelRegion(x: 0, y: 0, width: 640, height: 362)
    _ = try Scaler().scale(frame, region: whole, into: plain)
    let scaler = Scaler()
    for _ in 0..<2 {
      _ = try scaler.scale(frame, region: whole, hiding: masks, into: masked)
    }
    var hidden = 0
    for y in 0..<90 {
      for x in 0..<160 {
        let isGrey = masked.pixel(x, y) == [128, 128, 128]
        if isGrey { hidden += 1 } else { #expect(masked.pixel(x, y) == plain.pixel(x, y)) }
        let place = Point(x: (Double(x) + 0.5) / 160, y: (Double(y) + 0.5) / 90)
        let isInside = masks.contains { mask in
          Polygon(mask).spans(at: place.y).contains { $0.contains(place.x) }
        }
        if isInside { #expect(isGrey, "\(x), \(y)") }
      }
    }
    // A tenth of the picture, and a border of about two pixels around it.
    #expect((14_400 / 8...14_400 / 4).contains(hidden), "\(hidden)")
    // Other masks than before.
    _ = try scaler.scale(frame, region: whole, hiding: [masks[0]], into: masked)
    #expect(masked.pixel(140, 60) == plain.pixel(140, 60))
    _ = try scaler.scale(frame, region: whole, hiding: [], into: masked)
    #expect(masked.bytes == plain.bytes)
  }

  @Test("a turned frame hides the part that is displayed there")
  func turned() throws {
    for clip in ["rotated-90.mp4", "rotated-180.mp4", "rotated-270.mp4"] {
      let frame = try #require(try VideoReader(media(clip)).next())
      let image = RGBImage(width: 64, height: 64)
      let corner = [Point(x: 0, y: 0), Point(x: 0.4, y: 0), Point(x: 0, y: 0.4)]
      _ = try Scaler().scale(
        frame, region: PixelRegion(x: 0, y: 0, width: frame.width, height: frame.height),
        hiding: [corner], into: image)
      #expect(image.pixel(2, 2) == [128, 128, 128] && image.pixel(50, 50) != [128, 128, 128])
      #expect(image.pixel(60, 2) != [128, 128, 128] && image.pixel(2, 60) != [128, 128, 128])
    }
  }
}

@Suite("Polygons")
struct PolygonTests {
  @Test("ranges between two heights contain what lies inside, and nothing else")
  func spans() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<200 {
      let polygon = Polygon(
        (0..<Int.random(in: 3...9, using: &random)).map { _ in
          Point(
            x: Double.random(in: 0...20, using: &random),
            y: Double.random(in: 0...20, using: &random).rounded())
        })
      let top = Double.random(in: -1...20, using: &random)
      let bottom = top + Double.random(in: 0.1...3, using: &random)
      let spans = polygon.spans(from: top, to: bottom)
      for _ in 0..<100 {
        let x = Double.random(in: -1...21, using: &random)
        // Inside at one of many heights.
        let isInside = (0...200).contains { step in
          let y = top + (bottom - top) * Double(step) / 200
          return polygon.spans(at: y).contains { $0.contains(x) }
        }
        let isNear = spans.contains { $0.contains(x) }
        if isInside { #expect(isNear, "\(polygon) at \(x), \(top) to \(bottom)") }
        // Slivers between the heights that were tried are found by the ranges alone.
        let isFar = !spans.contains { ($0.lowerBound - 0.2...$0.upperBound + 0.2).contains(x) }
        if isFar { #expect(!isInside) }
      }
    }
  }

  @Test("a ring's hole stays outside")
  func hole() {
    let polygon = Polygon([
      Point(x: 0, y: 0), Point(x: 10, y: 0), Point(x: 10, y: 10), Point(x: 0, y: 10),
      Point(x: 0, y: 4), Point(x: 4, y: 4), Point(x: 4, y: 6), Point(x: 0, y: 6),
    ])
    #expect(polygon.spans(at: 2).contains { $0.contains(5) })
    #expect(polygon.spans(at: 12).isEmpty && polygon.spans(from: 11, to: 12).isEmpty)
    #expect(polygon.bounds == PixelBox(x: 0, y: 0, width: 10, height: 10))
  }
}
