import CKernels
import TestSupport

/// Floats to bytes, every special value included.
struct QuantizeCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 26, scalar) { count, x, inverseStep, zero, y in
      for index in 0..<count {
        y[index] = byte(zero.addingProduct(x[index], inverseStep), 0, 255)
      }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 27, vector) { count, x, inverseStep, zero, y in
      unsafe scalar.f32_u8_quantize(count, x.start, inverseStep, zero, y.start)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (_ count: Int, _ x: Floats, _ inverseStep: Float, _ zero: Float, _ y: Bytes) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return (Array(0...67) + [1000]).compactMap { count in
      let x = specialNumbers(count, using: &random)
      let zero = Float(Int.random(in: 0...255, using: &random))
      let inverseStep = Float.random(in: 1...40, using: &random)
      let (y, z) = (Bytes(count), Bytes(count))
      expected(count, x, inverseStep, zero, y)
      unsafe kernels.f32_u8_quantize(count, x.start, inverseStep, zero, z.start)
      return z.firstDifference(from: y).map { "count \(count): byte \($0)" }
    }
  }
}

/// Bytes to floats.
struct DequantizeCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 28, scalar) { x, step, zero, y in
      for index in 0..<x.count { y[index] = (Float(x[index]) - zero) * step }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 29, vector) { x, step, zero, y in
      unsafe scalar.u8_f32_dequantize(x.count, x.start, step, zero, y.start)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (_ x: Bytes, _ step: Float, _ zero: Float, _ y: Floats) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    return (Array(0...67) + [1000]).compactMap { count in
      let x = Bytes(random: count, using: &random)
      let zero = Float(Int.random(in: 0...255, using: &random))
      let step = Float.random(in: 0.001...0.2, using: &random)
      let (y, z) = (Floats(count), Floats(count))
      expected(x, step, zero, y)
      unsafe kernels.u8_f32_dequantize(count, x.start, step, zero, z.start)
      return z.firstDifference(from: y).map { "count \(count): number \($0)" }
    }
  }
}
