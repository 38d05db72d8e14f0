import Foundation
import StreamDetect
import TestSupport
import Testing

/// Pictures in memory, in each format and with rows that are longer than their pixels.
@Suite(.timeLimit(.minutes(20)))
struct PictureTests {
  private let width = 101
  private let height = 75

  /// Smooth shapes, so that 4:2:0 loses little: red, green and blue of each pixel.
  private func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
    return [
      UInt8(40 + 180 * u), UInt8(60 + 150 * v), UInt8(120 + 90 * sin(6 * u) * cos(5 * v)),
    ]
  }

  /// Luma, blue and red difference of a colour in full range (ITU-R BT.601, as in JPEG files).
  private func yuv(_ rgb: [UInt8]) -> [UInt8] {
    let (r, g, b) = (Double(rgb[0]), Double(rgb[1]), Double(rgb[2]))
    return [
      0.299 * r + 0.587 * g + 0.114 * b, 128 - 0.168736 * r - 0.331264 * g + 0.5 * b,
      128 + 0.5 * r - 0.418688 * g - 0.081312 * b,
    ].map { UInt8(min(max($0.rounded(), 0), 255)) }
  }

  /// The picture in a format, with rows that are `gap` bytes longer than they need be; the gaps
  /// hold 255, which would show.
  private func bytes(_ format: PixelFormat, gap: Int) -> (bytes: [UInt8], bytesPerRow: Int) {
    func rows(_ count: Int, _ length: Int, _ row: (Int) -> [UInt8]) -> [UInt8] {
      (0..<count).flatMap { y in
        let pixels = row(y)
        return pixels + [UInt8](repeating: 255, count: length - pixels.count)
      }
    }
    let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
    func chroma(_ x: Int, _ y: Int) -> [UInt8] {
      Array(yuv(pixel(min(2 * x, width - 1), min(2 * y, height - 1)))[1...])
    }
    switch format {
    case .rgb:
      let length = width * 3 + gap
      return (rows(height, length) { y in (0..<width).flatMap { pixel($0, y) } }, length)
    case .bgra:
      let length = width * 4 + gap
      return (
        rows(height, length) { y in (0..<width).flatMap { pixel($0, y).reversed() + [77] } }, length
      )
    case .i420:
      let length = width + gap
      let luma = rows(height, length) { y in (0..<width).map { yuv(pixel($0, y))[0] } }
      let planes = (0..<2).flatMap { part in
        rows(halfHeight, (length + 1) / 2) { y in (0..<halfWidth).map { chroma($0, y)[part] } }
      }
      return (luma + planes, length)
    case .nv12:
      let length = width + gap
      let luma = rows(height, length) { y in (0..<width).map { yuv(pixel($0, y))[0] } }
      let pairs = rows(halfHeight, length + length % 2) { y in
        (0..<halfWidth).flatMap { chroma($0, y) }
      }
      return (luma + pairs, length)
    }
  }

  @Test(
    "pixels in memory are the same picture in every format, whatever lies between rows",
    arguments: PixelFormat.allCases, [0, 1, 14])
  func formats(_ format: PixelFormat, gap: Int) throws {
    let (bytes, bytesPerRow) = bytes(format, gap: gap)
    let picture = try Picture(
      bytes, format: format, width: width, height: height,
      bytesPerRow: gap == 0 ? nil : bytesPerRow, isFullRange: true)
    #expect((picture.width, picture.height) == (width, height))
    let expected = (0..<height).flatMap { y in (0..<width).flatMap { pixel($0, y) } }
    let found = try picture.rgbBytes()
    try #require(found.count == expected.count)
    let largest = zip(found, expected).map { abs(Int($0) - Int($1)) }.max() ?? 255
    // Chroma is shared by four pixels in the last two formats.
    #expect(largest <= (format == .rgb || format == .bgra ? 0 : 10), "differs by \(largest)")
    let data = try Picture(
      Data(bytes), format: format, width: width, height: height, bytesPerRow: bytesPerRow,
      isFullRange: true)
    #expect(try data.rgbBytes() == found)
  }

  @Test(
    "planes that lie apart are the same picture as planes that follow one another",
    arguments: [PixelFormat.i420, .nv12])
  func separatePlanes(_ format: PixelFormat) throws {
    let (bytes, length) = bytes(format, gap: 3)
    let luma = height * length
    let chromaLength = format == .nv12 ? length + length % 2 : (length + 1) / 2
    let chroma = (height + 1) / 2 * chromaLength
    let starts = format == .nv12 ? [0, luma] : [0, luma, luma + chroma]
    let planes = starts.map { Data(bytes[$0..<min($0 == 0 ? luma : $0 + chroma, bytes.count)]) }
    let strides = [length] + [Int](repeating: chromaLength, count: starts.count - 1)
    let apart = try Picture(
      planes: planes, format: format, width: width, height: height, bytesPerRow: strides,
      isFullRange: true)
    let together = try Picture(
      bytes, format: format, width: width, height: height, bytesPerRow: length, isFullRange: true)
    #expect(try apart.rgbBytes() == together.rgbBytes())
  }

  @Test(
    "the same objects are found in a file and in its pixels in memory, in each format",
    arguments: PixelFormat.allCases)
  func sameObjects(_ format: PixelFormat) throws {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let photograph = try Picture(
      contentsOf: checkout.appending(path: "docs/pictures/astronaut.jpg"))
    let detector = try Detector()
    let options = ObjectOptions(confidence: 0.5)
    let reference = try detector.objects(in: photograph, options: options)
    #expect(reference.contains { $0.label == "person" })
    let (bytes, stride) = try memory(of: photograph, format)
    let copy = try Picture(
      bytes, format: format, width: photograph.width, height: photograph.height,
      bytesPerRow: stride, isFullRange: true)
    let objects = try detector.objects(in: copy, options: options)
    #expect(objects.map(\.label) == reference.map(\.label))
    // The file's own pixels are YUV; from others the network's input is scaled by other code.
    for (object, original) in zip(objects, reference) {
      #expect(abs(object.confidence - original.confidence) < 0.05)
      let shared = iou(object.box, original.box)
      #expect(shared > 0.85, "\(object.box), \(original.box)")
    }
  }

  private func iou(_ a: PixelRectangle, _ b: PixelRectangle) -> Double {
    let width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    let height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    let common = max(width, 0) * max(height, 0)
    return common / (a.width * a.height + b.width * b.height - common)
  }

  @Test("the planes of a video's frame in memory give the very objects that the video gives")
  func sameSamples() throws {
    let folder = try TemporaryFolder()
    let detector = try Detector(model: URL(filePath: writeNoiseModel(in: folder)))
    let (width, height) = (51, 37)
    let clip = URL(filePath: try folder.addNoise(frames: 1, width: width, height: height))
    let reference = try detector.objects(in: Picture(contentsOf: clip))
    #expect(!reference.isEmpty)
    let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
    let planes = try Data(contentsOf: clip).suffix(
      width * height + 2 * halfWidth * halfHeight)
    let i420 = try Picture(planes, format: .i420, width: width, height: height)
    #expect(try detector.objects(in: i420) == reference)
    let luma = planes.prefix(width * height)
    let chroma = planes.dropFirst(width * height)
    let pairs = zip(chroma.prefix(halfWidth * halfHeight), chroma.dropFirst(halfWidth * halfHeight))
      .flatMap { [$0, $1] }
    let nv12 = try Picture(
      planes: [luma, Data(pairs)], format: .nv12, width: width, height: height,
      bytesPerRow: [width, 2 * halfWidth])
    let (found, expected) = (try nv12.rgbBytes(), try i420.rgbBytes())
    #expect(zip(found, expected).allSatisfy { abs(Int($0) - Int($1)) <= 2 })
  }

  /// A picture's pixels in a format, in rows that are 5 bytes longer than they need be.
  private func memory(
    of picture: Picture, _ format: PixelFormat
  ) throws -> (bytes: [UInt8], stride: Int) {
    let rgb = try picture.rgbBytes()
    let (width, height) = (picture.width, picture.height)
    func at(_ x: Int, _ y: Int) -> [UInt8] {
      let start = (y * width + x) * 3
      return Array(rgb[start..<start + 3])
    }
    func rows(_ count: Int, _ length: Int, _ row: (Int) -> [UInt8]) -> [UInt8] {
      (0..<count).flatMap { y in
        let pixels = row(y)
        return pixels + [UInt8](repeating: 9, count: length - pixels.count)
      }
    }
    let stride = width * (format == .rgb ? 3 : format == .bgra ? 4 : 1) + 5
    func chroma(_ x: Int, _ y: Int) -> [UInt8] {
      Array(yuv(at(min(2 * x, width - 1), min(2 * y, height - 1)))[1...])
    }
    let (halfWidth, halfHeight) = ((width + 1) / 2, (height + 1) / 2)
    let first = rows(height, stride) { y in
      (0..<width).flatMap { x in
        switch format {
        case .rgb: at(x, y)
        case .bgra: at(x, y).reversed() + [255]
        case .i420, .nv12: [yuv(at(x, y))[0]]
        }
      }
    }
    let rest: [UInt8] =
      switch format {
      case .rgb, .bgra: []
      case .i420:
        (0..<2).flatMap { part in
          rows(halfHeight, (stride + 1) / 2) { y in (0..<halfWidth).map { chroma($0, y)[part] } }
        }
      case .nv12:
        rows(halfHeight, stride + stride % 2) { y in (0..<halfWidth).flatMap { chroma($0, y) } }
      }
    return (first + rest, stride)
  }

  @Test("sizes and strides that cannot be throw, whatever they are")
  func hostileSizes() throws {
    let bytes = [UInt8](repeating: 1, count: 300)
    let cases: [(Int, Int, Int?, MediaFailure.Code)] = [
      (0, 10, nil, .invalidSize), (10, -1, nil, .invalidSize), (.max, .max, nil, .invalidSize),
      (.min, 4, nil, .invalidSize), (1 << 31, 1, nil, .invalidSize),
      (60_000, 60_000, nil, .invalidSize), (10, 11, nil, .tooFewBytes),
      (10, 10, 29, .invalidStride), (10, 10, -30, .invalidStride), (10, 10, 0, .invalidStride),
      (10, 10, .max, .invalidStride), (10, 10, .min, .invalidStride), (10, 10, 31, .tooFewBytes),
      (10, 10, 1 << 30, .tooFewBytes),
    ]
    for (width, height, stride, code) in cases {
      let error = #expect(throws: StreamDetectError.self) {
        _ = try Picture(
          bytes, format: .rgb, width: width, height: height, bytesPerRow: stride)
      }
      guard case .media(let failure) = error else { throw try #require(error) }
      #expect(failure.code == code, "\(width) x \(height), \(stride ?? -1)")
    }
    for format in PixelFormat.allCases {
      for count in [0, 1, 11] {
        #expect(throws: StreamDetectError.self) {
          _ = try Picture(bytes.prefix(count), format: format, width: 3, height: 3)
        }
      }
      #expect(throws: StreamDetectError.self) {
        _ = try Picture(planes: [], format: format, width: 3, height: 3, bytesPerRow: [])
      }
    }
  }

  @Test("the last row need not be followed by what lies between rows")
  func lastRow() throws {
    let bytes = [UInt8](repeating: 200, count: 2 * 20 + 9)
    let picture = try Picture(bytes, format: .rgb, width: 3, height: 3, bytesPerRow: 20)
    #expect(try picture.rgbBytes() == [UInt8](repeating: 200, count: 27))
  }
}
