import CKernels
import TestSupport

/// Lines of 16-bit samples, their weights and a colour matrix.
@safe
private struct RGBCase: CustomStringConvertible {
  let pixels: Int
  let taps: Int
  let chromaTaps: Int
  private let isExtreme: Bool
  private let lines: [[[Int16]]]
  private let weights: [[Int16]]
  private var arguments = unsafe sd_s16_rgb_args()

  init(pixels: Int, isExtreme: Bool, using random: inout SplitMix64) {
    self.pixels = pixels
    self.isExtreme = isExtreme
    taps = .random(in: 1...9, using: &random)
    chromaTaps = .random(in: 1...5, using: &random)
    let group = SD_RESAMPLED_GROUP
    let room = (pixels + group - 1) / group * group
    lines = [taps, chromaTaps, chromaTaps].map { count in
      (0..<count).map { _ in
        (0..<room).map { _ in
          isExtreme
            ? (Bool.random(using: &random) ? 0 : 32640) : .random(in: 0...32640, using: &random)
        }
      }
    }
    weights = [taps, chromaTaps].map { count in
      var rest: Int16 = 4096
      return (0..<count).map { index in
        let weight = index == count - 1 ? rest : .random(in: 0...rest, using: &random)
        rest -= weight
        return weight
      }
    }
    unsafe arguments.pixels = pixels
    unsafe arguments.taps = taps
    unsafe arguments.chroma_taps = chromaTaps
    unsafe arguments.rounding = Bool.random(using: &random) ? 512 : 0
    unsafe arguments.luma_offset = isExtreme ? 0 : .random(in: 0...8192, using: &random)
    unsafe arguments.luma_scale = isExtreme ? 9539 : .random(in: 8000...9539, using: &random)
    let size = Int32(isExtreme ? 18000 : 9000)
    func factor() -> Int32 { isExtreme ? size : .random(in: 0...size, using: &random) }
    unsafe arguments.red_of_red = factor()
    unsafe arguments.blue_of_blue = factor()
    unsafe arguments.green_of_red = -factor() / 2
    unsafe arguments.green_of_blue = -factor() / 2
  }

  /// The bytes, as the contract computes them.
  func expected() -> Bytes {
    let bytes = Bytes(3 * pixels)
    for pixel in 0..<pixels {
      func sum(_ plane: Int) -> Int {
        let products = zip(lines[plane], weights[min(plane, 1)]).map { line, weight in
          Int(line[pixel]) * Int(weight)
        }
        return unsafe (Int(arguments.rounding) + products.reduce(0, +)) >> 10
      }
      let (u, v) = (sum(1) - 65536, sum(2) - 65536)
      let light = unsafe (sum(0) - Int(arguments.luma_offset)) * Int(arguments.luma_scale)
      let colors = unsafe [
        v * Int(arguments.red_of_red),
        v * Int(arguments.green_of_red) + u * Int(arguments.green_of_blue),
        u * Int(arguments.blue_of_blue),
      ]
      for (place, color) in colors.enumerated() {
        let value = (light + color + (1 << 21)) >> 22
        bytes[3 * pixel + place] = UInt8(min(max(value, 0), 255))
      }
    }
    return bytes
  }

  func run(_ kernels: sd_kernels) -> Bytes {
    let bytes = Bytes(3 * pixels)
    let group = SD_RESAMPLED_GROUP
    let room = (pixels + group - 1) / group * group
    let memory = lines.map { plane in plane.map { line in Bytes(line, room: room) } }
    var arguments = unsafe arguments
    func starts(_ plane: Int) -> [UnsafePointer<Int16>?] {
      unsafe memory[plane].map {
        unsafe UnsafePointer(UnsafeRawPointer($0.start).assumingMemoryBound(to: Int16.self))
      }
    }
    let (luma, blue, red) = unsafe (starts(0), starts(1), starts(2))
    unsafe luma.withUnsafeBufferPointer { luma in
      unsafe blue.withUnsafeBufferPointer { blue in
        unsafe red.withUnsafeBufferPointer { red in
          unsafe weights[0].withUnsafeBufferPointer { weights in
            unsafe self.weights[1].withUnsafeBufferPointer { chromaWeights in
              unsafe arguments.luma = luma.baseAddress
              unsafe arguments.blue = blue.baseAddress
              unsafe arguments.red = red.baseAddress
              unsafe arguments.weights = weights.baseAddress
              unsafe arguments.chroma_weights = chromaWeights.baseAddress
              unsafe arguments.rgb = bytes.start
              unsafe kernels.s16_rgb(&arguments)
            }
          }
        }
      }
    }
    // Keeps the lines alive until here.
    withExtendedLifetime(memory) {}
    return bytes
  }

  var description: String {
    "\(pixels) pixels, \(taps) and \(chromaTaps) lines\(isExtreme ? ", extremes" : "")"
  }
}

extension Bytes {
  /// 16-bit numbers that end at a guarded page.
  fileprivate convenience init(_ line: [Int16], room: Int) {
    self.init(room * 2)
    for (index, sample) in line.enumerated() {
      let bits = UInt16(bitPattern: sample)
      self[2 * index] = UInt8(truncatingIfNeeded: bits)
      self[2 * index + 1] = UInt8(truncatingIfNeeded: bits >> 8)
    }
  }
}

/// Resampled lines to colours.
struct RGBCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 33, scalar) { $0.expected() }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 34, vector) { $0.run(scalar) }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels, _ expected: (RGBCase) -> Bytes
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return (Array(1...67) + [300, 320]).flatMap { pixels in
      [false, true].compactMap { isExtreme in
        let test = RGBCase(pixels: pixels, isExtreme: isExtreme, using: &random)
        let difference = test.run(kernels).firstDifference(from: expected(test))
        return difference.map { "\(test): byte \($0)" }
      }
    }
  }
}
