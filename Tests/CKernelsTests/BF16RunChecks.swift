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
        // Ties and their neighbours.
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

  /// Every bfloat16, in runs of all lengths.
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
