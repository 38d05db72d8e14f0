import CKernels
import TestSupport

/// Single precision to bfloat16.
struct NarrowCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 46, scalar) { x, y in for index in 0..<x.count { y[index] = x[index] } }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 47, vector) { x, y in
      unsafe scalar.f32_bf16_narrow(x.count, x.start, y.start)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels, expected: (_ x: Floats, _ y: BFloats) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return (Array(0...67) + [1000]).compactMap { count in
      let x = specialNumbers(count, using: &random)
      for index in 0..<count where index % 3 == 0 {
        // Ties, and neighbours of ties.
        let bits = UInt32(truncatingIfNeeded: random.next()) & 0xFFFF_0000
        x[index] = Float(bitPattern: bits | .random(in: 0x7FFF...0x8001, using: &random))
      }
      let (y, z) = (BFloats(count), BFloats(count))
      expected(x, y)
      unsafe kernels.f32_bf16_narrow(count, x.start, z.start)
      return z.firstDifference(from: y).map { "count \(count): number \($0)" }
    }
  }
}

/// bfloat16 to single precision.
struct WidenBF16Check: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  /// Every number there is, in runs of all lengths.
  private func failures(_ kernels: sd_kernels) -> [String] {
    var failures: [String] = []
    var (first, length) = (0, 0)
    while first < 1 << 16 {
      let count = min(length, 1 << 16 - first)
      let x = BFloats(count)
      let (y, z) = (Floats(count), Floats(count))
      for index in 0..<count {
        unsafe x.start[index] = UInt16(first + index)
        y[index] = x[index]
      }
      unsafe kernels.bf16_f32_widen(count, x.start, z.start)
      if let at = z.firstDifference(from: y) { failures.append("number \(first + at)") }
      first += count
      length += 1
    }
    return failures
  }
}

/// The mean of each channel over pixels.
struct BF16GlobalAverageCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 48, scalar) { pixels, stride, x, y in
      for channel in 0..<y.count {
        let sum = (0..<pixels).reduce(Float(0)) { $0 + x[$1 * stride + channel] }
        y[channel] = sum / Float(pixels)
      }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 49, vector) { pixels, stride, x, y in
      unsafe scalar.bf16_global_average(pixels, y.count, x.start, stride, y.start)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (_ pixels: Int, _ stride: Int, _ x: BFloats, _ y: BFloats) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return ([1, 4, 9, 49] + (2...40)).flatMap { pixels in
      [Int.random(in: 1...67, using: &random), 16 * Int.random(in: 1...20, using: &random)]
        .compactMap { channels -> String? in
          let stride = channels + .random(in: 0...9, using: &random)
          let x = BFloats.nan((pixels - 1) * stride + channels)
          x.randomize(rows: pixels, stride: stride, columns: channels, using: &random)
          let (y, z) = (BFloats(channels), BFloats(channels))
          expected(pixels, stride, x, y)
          unsafe kernels.bf16_global_average(pixels, channels, x.start, stride, z.start)
          return z.firstDifference(from: y).map {
            "pixels \(pixels) channels \(channels): output \($0)"
          }
        }
    }
  }
}

/// Each pixel times one vector, into another map and in place.
struct BF16ChannelScaleCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 50, scalar) { pixels, channels, stride, x, scale, y in
      for pixel in 0..<pixels {
        for channel in 0..<channels {
          y[pixel * stride + channel] = x[pixel * stride + channel] * scale[channel]
        }
      }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 51, vector) { pixels, channels, stride, x, scale, y in
      unsafe scalar.bf16_channel_scale(pixels, channels, x.start, scale.start, y.start, stride)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (
      _ pixels: Int, _ channels: Int, _ stride: Int, _ x: BFloats, _ scale: Floats, _ y: BFloats
    ) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    var failures: [String] = []
    for channels in Array(1...67) + [144, 960] {
      let pixels = Int.random(in: 1...9, using: &random)
      let stride = channels + .random(in: 0...9, using: &random)
      let x = BFloats((pixels - 1) * stride + channels)
      x.randomize(rows: 1, stride: 0, columns: x.count, using: &random)
      x[0] = .infinity
      x[x.count - 1] = .nan
      let scale = Floats(random: channels, using: &random)
      for isInPlace in [false, true] {
        let y = isInPlace ? BFloats(copying: x) : BFloats(x.count)
        let z = BFloats(copying: y)
        expected(pixels, channels, stride, x, scale, y)
        let source = isInPlace ? z : x
        unsafe kernels.bf16_channel_scale(
          pixels, channels, source.start, scale.start, z.start, stride)
        if let at = z.firstDifference(from: y) {
          failures.append("pixels \(pixels) channels \(channels) in place \(isInPlace): \(at)")
        }
      }
    }
    return failures
  }
}
