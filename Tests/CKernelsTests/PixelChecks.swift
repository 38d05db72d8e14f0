import CKernels
import TestSupport

/// The mean of each channel over pixels.
struct GlobalAverageCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    compare(seed: 8) { pixels, channels, stride, x in
      let y = Floats(channels)
      for channel in 0..<channels {
        let sum = (0..<pixels).reduce(Float(0)) { $0 + x[$1 * stride + channel] }
        y[channel] = sum / Float(pixels)
      }
      return y
    } _: {
      run(scalar, $0, $1, $2, $3)
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    compare(seed: 9) {
      run(scalar, $0, $1, $2, $3)
    } _: {
      run(vector, $0, $1, $2, $3)
    }
  }

  private func run(
    _ kernels: sd_kernels, _ pixels: Int, _ channels: Int, _ stride: Int, _ x: Floats
  ) -> Floats {
    let y = Floats(channels)
    unsafe kernels.f32_global_average(pixels, channels, x.start, stride, y.start)
    return y
  }

  private typealias Mean = (_ pixels: Int, _ channels: Int, _ stride: Int, _ x: Floats) -> Floats

  private func compare(seed: UInt64, _ expected: Mean, _ actual: Mean) -> [String] {
    var random = SplitMix64(seed: seed)
    return ([1, 4, 9, 49] + (2...40)).flatMap { pixels in
      [Int.random(in: 1...67, using: &random), 16 * Int.random(in: 1...20, using: &random)]
        .compactMap { channels -> String? in
          let stride = channels + .random(in: 0...9, using: &random)
          let x = Floats(pixels * stride, fill: .nan)
          x.randomize(rows: pixels, stride: stride, columns: channels, using: &random)
          let difference = actual(pixels, channels, stride, x)
            .firstDifference(from: expected(pixels, channels, stride, x))
          return difference.map { "pixels \(pixels) channels \(channels): output \($0)" }
        }
    }
  }
}

/// Each pixel times one vector, into another map and in place.
struct ChannelScaleCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 10, scalar) { pixels, channels, stride, x, scale, y in
      for pixel in 0..<pixels {
        for channel in 0..<channels {
          y[pixel * stride + channel] = x[pixel * stride + channel] * scale[channel]
        }
      }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 11, vector) { pixels, channels, stride, x, scale, y in
      unsafe scalar.f32_channel_scale(pixels, channels, x.start, scale.start, y.start, stride)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (
      _ pixels: Int, _ channels: Int, _ stride: Int, _ x: Floats, _ scale: Floats, _ y: Floats
    ) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    var failures: [String] = []
    for channels in Array(1...67) + [144, 960] {
      let pixels = Int.random(in: 1...9, using: &random)
      let stride = channels + .random(in: 0...9, using: &random)
      let x = Floats(random: pixels * stride, using: &random)
      x[0] = .infinity
      x[(pixels - 1) * stride + channels - 1] = .nan
      let scale = Floats(random: channels, using: &random)
      for isInPlace in [false, true] {
        let y = isInPlace ? Floats(copying: x) : Floats(pixels * stride)
        let z = Floats(copying: y)
        expected(pixels, channels, stride, x, scale, y)
        let source = isInPlace ? z : x
        unsafe kernels.f32_channel_scale(
          pixels, channels, source.start, scale.start, z.start, stride)
        if let at = z.firstDifference(from: y) {
          failures.append("pixels \(pixels) channels \(channels) in place \(isInPlace): \(at)")
        }
      }
    }
    return failures
  }
}
