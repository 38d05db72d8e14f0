import CFFmpeg
import MediaTestSupport
import TestSupport
import Testing

@testable import Pictures

/// 4:2:0 planes filled with noise.
@safe
private final class NoisePlanes {
  let width: Int
  let height: Int
  let isPlanar: Bool
  private var samples: [[UInt8]]
  private let strides: [Int]

  init(width: Int, height: Int, isPlanar: Bool, using random: inout SplitMix64) {
    self.width = width
    self.height = height
    self.isPlanar = isPlanar
    let (columns, rows) = ((width + 1) / 2, (height + 1) / 2)
    let lines = isPlanar ? [width, columns, columns] : [width, 2 * columns]
    strides = lines.map { $0 + .random(in: 0...40, using: &random) }
    samples = zip(strides, [height, rows, rows]).enumerated().map { plane, size in
      (0..<size.0 * size.1).map { _ in
        // No colour is both very bright and strongly coloured, and libswscale overflows there.
        plane == 0 ? .random(in: 0...235, using: &random) : .random(in: 32...220, using: &random)
      }
    }
  }

  /// The picture converted to RGB; upside down if `isFlipped`, which reads lines from the bottom.
  func converted(
    _ conversion: ImageConversion, _ input: ImageFormat, width: Int, height: Int,
    isFlipped: Bool = false
  ) throws -> [UInt8] {
    let output = ImageFormat(
      width: width, height: height, pixelFormat: AV_PIX_FMT_RGB24, matrix: AVCOL_SPC_SMPTE170M,
      isFullRange: true)
    let image = RGBImage(width: width, height: height)
    let memory = samples.map { plane in
      let copy = KernelMemory<UInt8>(count: plane.count)
      for (index, sample) in plane.enumerated() { unsafe copy.start[index] = sample }
      return copy
    }
    defer { withExtendedLifetime(memory) {} }
    var starts: [UnsafePointer<UInt8>?] = unsafe []
    var steps: [Int32] = []
    for (plane, stride) in zip(memory, strides) {
      unsafe starts.append(UnsafePointer(plane.start) + (isFlipped ? plane.count - stride : 0))
      steps.append(Int32(isFlipped ? -stride : stride))
    }
    let unused = unsafe 4 - starts.count
    try unsafe conversion.run(
      starts + Array(repeating: nil, count: unused), steps + Array(repeating: 0, count: unused),
      input, to: [image.pixels.baseAddress, nil, nil, nil], [Int32(3 * width), 0, 0, 0], output)
    return image.bytes.map { UInt8($0) }
  }

  func format(_ matrix: AVColorSpace, isFullRange: Bool) -> ImageFormat {
    ImageFormat(
      width: width, height: height, pixelFormat: isPlanar ? AV_PIX_FMT_YUV420P : AV_PIX_FMT_NV12,
      matrix: matrix, isFullRange: isFullRange)
  }
}

/// Compares the fast conversion from planes to RGB with libswscale's.
@Suite("Plane conversion")
struct PlaneConversionTests {
  private static let matrices = [
    AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M, AVCOL_SPC_BT2020_NCL, AVCOL_SPC_SMPTE240M,
  ]

  /// The largest difference in any byte.
  private func difference(
    _ planes: NoisePlanes, width: Int, height: Int, using random: inout SplitMix64
  ) throws -> Int {
    let input = planes.format(
      try #require(Self.matrices.randomElement(using: &random)),
      isFullRange: .random(using: &random))
    let fast = ImageConversion()
    let isFlipped = Bool.random(using: &random)
    let found = try planes.converted(
      fast, input, width: width, height: height, isFlipped: isFlipped)
    let expected = try planes.converted(
      ImageConversion(allowsShortcut: false), input, width: width, height: height,
      isFlipped: isFlipped)
    #expect(fast.isShortcut, "\(planes.width) x \(planes.height) to \(width) x \(height)")
    return zip(found, expected).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  // libswscale rounds the number of taps up to what suits the processor, so whether it keeps a
  // weight of two thousandths depends on the machine.
  @Test(
    "planes convert to libswscale's colours to within one step",
    arguments: [
      (1280, 720, 300, 300), (1920, 1080, 320, 320), (768, 576, 300, 300), (640, 480, 300, 300),
      (352, 288, 300, 300), (200, 150, 300, 300), (720, 1280, 320, 320), (641, 479, 224, 224),
      (2000, 90, 300, 40), (90, 2000, 40, 100), (16, 16, 300, 300), (300, 200, 300, 300),
    ], [true, false])
  func agrees(sizes: (Int, Int, Int, Int), isPlanar: Bool) throws {
    var random = SplitMix64(seed: 41)
    let planes = NoisePlanes(width: sizes.0, height: sizes.1, isPlanar: isPlanar, using: &random)
    let found = try difference(planes, width: sizes.2, height: sizes.3, using: &random)
    #expect(found <= 1)
  }

  @Test("planes of any size convert to libswscale's colours to within one step")
  func agreesAtAnySize() throws {
    var random = SplitMix64(seed: 42)
    for _ in 0..<60 {
      let planes = NoisePlanes(
        width: .random(in: 16...200, using: &random), height: .random(in: 16...200, using: &random),
        isPlanar: .random(using: &random), using: &random)
      let (width, height) = (
        Int.random(in: 16...120, using: &random), Int.random(in: 16...120, using: &random)
      )
      let found = try difference(planes, width: width, height: height, using: &random)
      #expect(found <= 1, "\(planes.width) x \(planes.height) to \(width) x \(height)")
    }
  }

  @Test("tiny, unscaled and unsupported pictures are left to libswscale")
  func limits() {
    var random = SplitMix64(seed: 43)
    func isTaken(_ width: Int, _ height: Int, _ change: (inout ImageFormat) -> Void = { _ in })
      -> Bool
    {
      let planes = NoisePlanes(width: width, height: height, isPlanar: true, using: &random)
      var input = planes.format(AVCOL_SPC_BT709, isFullRange: false)
      change(&input)
      let output = ImageFormat(
        width: 32, height: 32, pixelFormat: AV_PIX_FMT_RGB24, matrix: AVCOL_SPC_SMPTE170M,
        isFullRange: true)
      return PlaneConversion(input, output) != nil
    }
    #expect(isTaken(64, 64))
    #expect(!isTaken(32, 32))
    #expect(!isTaken(1, 1) && !isTaken(17, 3) && !isTaken(3, 64))
    #expect(!isTaken(32 * 40, 64))
    #expect(!isTaken(64, 64) { $0.pixelFormat = AV_PIX_FMT_YUV422P })
    #expect(!isTaken(64, 64) { $0.pixelFormat = AV_PIX_FMT_YUV420P10LE })
  }

  @Test(
    "the weights of an output add up, and its inputs are inside the picture",
    arguments: [(1280, 300), (300, 1280), (97, 96), (4, 400), (3200, 100)])
  func weights(inputs: Int, outputs: Int) throws {
    for (unity, multiple) in [(1 << 14, 4), (1 << 12, 2)] {
      let resampling = try #require(
        Resampling(from: inputs, to: outputs, unity: unity, multiple: multiple))
      let taps = resampling.taps
      #expect(resampling.first.allSatisfy { $0 >= 0 && Int($0) + taps <= inputs })
      #expect(zip(resampling.first, resampling.first.dropFirst()).allSatisfy { $0 <= $1 })
      for output in 0..<outputs {
        let row = resampling.weights[output * taps..<(output + 1) * taps]
        #expect(row.reduce(0) { $0 + Int($1) } == unity)
      }
    }
  }
}
