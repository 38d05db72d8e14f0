import CKernels
import TestSupport

/// Two runs, element by element.
struct InterleaveCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    failures(seed: 16, scalar) { count, a, b, y in
      for index in 0..<count {
        y[2 * index] = a[index]
        y[2 * index + 1] = b[index]
      }
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(seed: 17, vector) { count, a, b, y in
      unsafe scalar.f32_interleave(count, a.start, b.start, y.start)
    }
  }

  private func failures(
    seed: UInt64, _ kernels: sd_kernels,
    expected: (_ count: Int, _ a: Floats, _ b: Floats, _ y: Floats) -> Void
  ) -> [String] {
    var random = SplitMix64(seed: seed)
    var failures: [String] = []
    for count in Array(0...67) + [1000] {
      let a = specialNumbers(count, using: &random)
      let b = specialNumbers(count, using: &random)
      let (y, z) = (Floats(2 * count), Floats(2 * count))
      expected(count, a, b, y)
      unsafe kernels.f32_interleave(count, a.start, b.start, z.start)
      if z.firstDifference(from: y) != nil { failures.append("count \(count)") }
    }
    return failures
  }
}
