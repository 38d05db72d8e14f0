import CKernels
import TestSupport

/// The mean of each channel over all pixels.
struct GlobalAverageCheck<Map: Numbers>: KernelCheck {
  let seed: UInt64
  let run: (_ kernels: sd_kernels, _ pixels: Int, _ x: Map, _ stride: Int, _ y: Map) -> Void

  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: seed, scalar) { pixels, x, stride, y in
      for channel in 0..<y.count {
        let sum = (0..<pixels).reduce(Float(0)) { $0 + x[$1 * stride + channel] }
        y[channel] = sum / Float(pixels)
      }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: seed + 1, vector) { run(scalar, $0, $1, $2, $3) }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (_ pixels: Int, _ x: Map, _ stride: Int, _ y: Map) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return ([1, 4, 9, 49] + (2...40)).flatMap { pixels in
      [Int.random(in: 1...67, using: &random), 16 * Int.random(in: 1...20, using: &random)]
        .compactMap { channels -> String? in
          let stride = channels + .random(in: 0...9, using: &random)
          let x = Map.nan((pixels - 1) * stride + channels)
          x.randomize(rows: pixels, from: 0, stride: stride, columns: channels, using: &random)
          let (y, z) = (Map(channels), Map(channels))
          expected(pixels, x, stride, y)
          run(kernels, pixels, x, stride, z)
          return z.firstDifference(from: y) { _ in 0 }.map {
            "pixels \(pixels) channels \(channels): output \($0)"
          }
        }
    }
  }
}

extension GlobalAverageCheck<Floats> {
  init() {
    self.init(seed: 8) { kernels, pixels, x, stride, y in
      unsafe kernels.f32_global_average(pixels, y.count, x.start, stride, y.start)
    }
  }
}

extension GlobalAverageCheck<BFloats> {
  init() {
    self.init(seed: 48) { kernels, pixels, x, stride, y in
      unsafe kernels.bf16_global_average(pixels, y.count, x.start, stride, y.start)
    }
  }
}

/// Each pixel times one vector, into another map or in place.
struct ChannelScaleCheck<Map: Numbers>: KernelCheck {
  let seed: UInt64
  let run:
    (_ kernels: sd_kernels, _ pixels: Int, _ x: Map, _ scale: Floats, _ y: Map, _ stride: Int)
      -> Void

  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: seed, scalar) { pixels, x, scale, y, stride in
      for pixel in 0..<pixels {
        for channel in 0..<scale.count {
          y[pixel * stride + channel] = x[pixel * stride + channel] * scale[channel]
        }
      }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: seed + 1, vector) { run(scalar, $0, $1, $2, $3, $4) }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (_ pixels: Int, _ x: Map, _ scale: Floats, _ y: Map, _ stride: Int) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    var failures: [String] = []
    for channels in Array(1...67) + [144, 960] {
      let pixels = Int.random(in: 1...9, using: &random)
      let stride = channels + .random(in: 0...9, using: &random)
      let x = Map((pixels - 1) * stride + channels)
      x.randomize(rows: 1, from: 0, stride: 0, columns: x.count, using: &random)
      x[0] = .infinity
      x[x.count - 1] = .nan
      let scale = Floats(random: channels, using: &random)
      for isInPlace in [false, true] {
        let y = isInPlace ? Map(copying: x) : Map(x.count)
        let z = Map(copying: y)
        expected(pixels, x, scale, y, stride)
        run(kernels, pixels, isInPlace ? z : x, scale, z, stride)
        if let at = z.firstDifference(from: y, tolerance: { _ in 0 }) {
          failures.append("pixels \(pixels) channels \(channels) in place \(isInPlace): \(at)")
        }
      }
    }
    return failures
  }
}

extension ChannelScaleCheck<Floats> {
  init() {
    self.init(seed: 10) { kernels, pixels, x, scale, y, stride in
      unsafe kernels.f32_channel_scale(
        pixels, scale.count, x.start, scale.start, y.start, stride)
    }
  }
}

extension ChannelScaleCheck<BFloats> {
  init() {
    self.init(seed: 50) { kernels, pixels, x, scale, y, stride in
      unsafe kernels.bf16_channel_scale(
        pixels, scale.count, x.start, scale.start, y.start, stride)
    }
  }
}
