import CKernels
import TestSupport

/// The bytes of `pixels` pixels, `stride` apart, ending at a guarded page.
private func pixels(
  _ pixels: Int, _ channels: Int, stride: Int, using random: inout SplitMix64
) -> Bytes {
  Bytes(random: (pixels - 1) * stride + channels, using: &random)
}

/// Means of channels, as bytes.
struct U8GlobalAverageCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 30) { pixels, channels, stride, x in
      let found = run(scalar, pixels, channels, stride, x)
      let wrong = (0..<channels).first { channel in
        let sum = (0..<pixels).reduce(0) { $0 + Int(x[$1 * stride + channel]) }
        return found[channel] != byte(Float(-20.5).addingProduct(Float(sum), scale(pixels)), 0, 255)
      }
      return wrong
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 31) { pixels, channels, stride, x in
      run(vector, pixels, channels, stride, x)
        .firstDifference(from: run(scalar, pixels, channels, stride, x))
    }
  }

  private func scale(_ pixels: Int) -> Float { 1.4 / Float(pixels) }

  private func run(
    _ kernels: sd_kernels, _ pixels: Int, _ channels: Int, _ stride: Int, _ x: Bytes
  ) -> Bytes {
    let y = Bytes(channels)
    var arguments = unsafe sd_u8_global_average_args(
      pixels: pixels, channels: channels, x: UnsafePointer(x.start), x_pixel_stride: stride,
      scale: scale(pixels), bias: -20.5, y: y.start)
    unsafe kernels.u8_global_average(&arguments)
    return y
  }

  private func failures(seed: UInt64, _ firstWrong: (Int, Int, Int, Bytes) -> Int?) -> [String] {
    var random = SplitMix64(seed: seed)
    return (0..<60).compactMap { _ in
      let (count, channels) = (
        Int.random(in: 1...50, using: &random), 16 * Int.random(in: 1...11, using: &random)
      )
      let stride = channels + max(0, Int.random(in: -9...9, using: &random))
      let x = pixels(count, channels, stride: stride, using: &random)
      return firstWrong(count, channels, stride, x).map {
        "\(count) pixels of \(channels), \(stride) apart: byte \($0)"
      }
    }
  }
}

/// Maps, multiplied by a factor for each channel.
struct U8ChannelScaleCheck: KernelCheck {
  private struct Case: CustomStringConvertible {
    let count, channels, xStride, yStride: Int
    let isInPlace: Bool
    let x, factors: Bytes
    let scale: Float = 1.3 / 255

    init(using random: inout SplitMix64) {
      count = .random(in: 1...50, using: &random)
      channels = 16 * .random(in: 1...11, using: &random)
      isInPlace = Bool.random(using: &random)
      xStride = channels + max(0, .random(in: -9...9, using: &random))
      yStride = isInPlace ? xStride : channels + max(0, .random(in: -9...9, using: &random))
      x = pixels(count, channels, stride: xStride, using: &random)
      factors = Bytes(random: channels, using: &random)
    }

    var description: String {
      "\(count) pixels of \(channels), \(xStride) and \(yStride) apart, in place \(isInPlace)"
    }

    func run(_ kernels: sd_kernels) -> Bytes {
      let y = isInPlace ? Bytes(copying: x) : Bytes((count - 1) * yStride + channels)
      var arguments = unsafe sd_u8_channel_scale_args(
        pixels: count, channels: channels, x: UnsafePointer(isInPlace ? y.start : x.start),
        x_pixel_stride: xStride, factors: UnsafePointer(factors.start), zero: 31, factor_zero: 5,
        out_zero: 40, scale: scale, y: y.start, y_pixel_stride: yStride)
      unsafe kernels.u8_channel_scale(&arguments)
      return y
    }

    func expected(_ pixel: Int, _ channel: Int) -> UInt8 {
      let factor = (Float(factors[channel]) - 5) * scale
      let offset = Float(40).addingProduct(-31, factor)
      return byte(offset.addingProduct(Float(x[pixel * xStride + channel]), factor), 0, 255)
    }
  }

  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 32)
    return (0..<60).compactMap { _ in
      let test = Case(using: &random)
      let y = test.run(scalar)
      let isRight = (0..<test.count).allSatisfy { pixel in
        (0..<test.channels).allSatisfy {
          y[pixel * test.yStride + $0] == test.expected(pixel, $0)
        }
      }
      return isRight ? nil : "\(test)"
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 33)
    return (0..<120).compactMap { _ in
      let test = Case(using: &random)
      return test.run(vector).firstDifference(from: test.run(scalar)).map { "\(test): byte \($0)" }
    }
  }
}
