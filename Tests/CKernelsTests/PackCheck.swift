import CKernels
import TestSupport

/// The packed size is `n`, rounded up to 16, times `k`.
struct PackedSizeCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(vector)
  }

  private func failures(_ kernels: sd_kernels) -> [String] {
    var failures: [String] = []
    for n in 0...130 {
      for k in [0, 1, 9, 27] {
        let expected = (n + 15) / 16 * 16 * k
        if kernels.f32_gemm_packed_size(n, k) != expected {
          failures.append("n \(n) k \(k)")
        }
      }
    }
    return failures
  }
}

/// Packing stores each weight once and fills the rest with zeros.
///
/// The order is up to the kernel; the check of the matrix product covers it.
struct PackCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    failures(vector)
  }

  private func failures(_ kernels: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 3)
    var failures: [String] = []
    for n in [1, 2, 15, 16, 17, 31, 33, 48, 63, 64, 65, 90, 112, 127, 128, 129, 200] {
      let k = Int.random(in: 1...12, using: &random)
      let w = Floats(random: n * k, using: &random)
      let packed = PackedWeights(kernels, n: n, k: k, w)
      let weights = (0..<n * k).map { w[$0] }
      let zeros = [Float](repeating: 0, count: packed.count - n * k)
      if packed.numbers.sorted() != (weights + zeros).sorted() || !packed.isGuardIntact {
        failures.append("n \(n) k \(k)")
      }
    }
    return failures
  }
}
