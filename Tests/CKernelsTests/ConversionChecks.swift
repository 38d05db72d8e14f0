import CKernels
import TestSupport

/// Pixels to floats, with the colours in every order.
struct NormalizeCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 16, scalar) { pixels, x, order, scale, bias, y in
      for pixel in 0..<pixels {
        for color in 0..<3 {
          let value = Float(x[3 * pixel + Int(order[color])])
          y[3 * pixel + color] = value * scale[color] + bias[color]
        }
      }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 17, vector) { pixels, x, order, scale, bias, y in
      unsafe scalar.u8_f32_normalize(pixels, x, order, scale, bias, y.start)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (
      _ pixels: Int, _ x: [UInt8], _ order: [UInt8], _ scale: [Float], _ bias: [Float], _ y: Floats
    ) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    var failures: [String] = []
    let orders: [[UInt8]] = [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 0, 0]]
    for pixels in Array(0...67) + [300] {
      let x = (0..<3 * pixels).map { _ in UInt8.random(in: 0...255, using: &random) }
      let scale = (0..<3).map { _ in Float.random(in: 0.001...0.02, using: &random) }
      let bias = (0..<3).map { _ in Float.random(in: -3...3, using: &random) }
      for order in orders {
        let (y, z) = (Floats(3 * pixels), Floats(3 * pixels))
        expected(pixels, x, order, scale, bias, y)
        unsafe kernels.u8_f32_normalize(pixels, x, order, scale, bias, z.start)
        if let at = z.firstDifference(from: y) {
          failures.append("pixels \(pixels) order \(order): output \(at)")
        }
      }
    }
    return failures
  }
}

/// Half to single precision: every half, and every length of run.
struct WidenCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(scalar) { halves, y in
      for (index, half) in halves.enumerated() { y[index] = widened(half) }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(vector) { halves, y in
      unsafe scalar.f16_f32_widen(halves.count, halves, y.start)
    }
  }

  /// From the definition of binary16 in IEEE 754: (-1)^sign * 2^exponent * significand.
  private func widened(_ half: UInt16) -> Float {
    let sign: Float = half & 0x8000 == 0 ? 1 : -1
    let exponent = Int(half >> 10 & 0x1F)
    let fraction = Float(half & 0x3FF) / 1024
    return switch exponent {
    case 0: sign * Float(sign: .plus, exponent: -14, significand: 1) * fraction
    case 0x1F: fraction == 0 ? sign * .infinity : .nan
    default: sign * Float(sign: .plus, exponent: exponent - 15, significand: 1) * (1 + fraction)
    }
  }

  private func failures(_ kernels: sd_kernels, expected: ([UInt16], Floats) -> Void) -> [String] {
    let all = (0...UInt16.max).map { $0 }
    let runs = (0...67).map { Array(all[$0 * 900..<$0 * 900 + $0]) } + [all]
    return runs.compactMap { halves in
      let (y, z) = (Floats(halves.count), Floats(halves.count))
      expected(halves, y)
      unsafe kernels.f16_f32_widen(halves.count, halves, z.start)
      return z.firstDifference(from: y).map { "\(halves.count) numbers: output \($0)" }
    }
  }
}
