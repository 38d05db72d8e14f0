import CKernels
import TestSupport

/// The product of bfloat16 matrices, with outputs in bfloat16 and in single precision.
struct BF16GEMMCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 41)
    return (0..<60).flatMap { index in
      let sizes = GEMMCase.Sizes(
        m: .random(in: 1...7, using: &random), n: .random(in: 1...40, using: &random),
        k: .random(in: 1...12, using: &random), segments: .random(in: 1...3, using: &random))
      let test = BF16GEMMCase(
        sizes, activations[index % 5], GEMMCase.Residual.allCases[index % 3], using: &random)
      let exact = test.naive()
      let rounded =
        test.residualKind == .inPlace
        ? BFloats(copying: test.residual) : BFloats(sizes.m * test.ldc)
      for row in 0..<sizes.m {
        for at in row * test.ldc..<row * test.ldc + sizes.n { rounded[at] = exact[at] }
      }
      return failures(test, scalar, rounded, exact, scalar)
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 42)
    return GEMMCheck.sizes(using: &random).enumerated().flatMap { index, sizes in
      let test = BF16GEMMCase(
        sizes, activations[index % 5], GEMMCase.Residual.allCases[index % 3], using: &random)
      return failures(test, vector, test.run(scalar), test.runUnrounded(scalar), scalar)
    }
  }

  private func failures(
    _ test: BF16GEMMCase, _ kernels: sd_kernels, _ rounded: BFloats, _ exact: Floats,
    _ scalar: sd_kernels
  ) -> [String] {
    let magnitudes = test.magnitudes(scalar)
    let first = test.run(kernels).firstDifference(from: rounded) { index in
      magnitudes[index] == 0
        ? 0 : roundedTolerance(test.tolerance(magnitudes[index]), rounded[index])
    }
    let second = test.runUnrounded(kernels).firstDifference(from: exact) { index in
      magnitudes[index] == 0 ? 0 : test.tolerance(magnitudes[index])
    }
    return (first.map { ["\(test): output \($0)"] } ?? [])
      + (second.map { ["\(test): unrounded output \($0)"] } ?? [])
  }
}

/// The packed size is `n`, rounded up to 16, times k in whole pairs.
struct BF16PackedSizeCheck: KernelCheck {
  let isDepthwise: Bool

  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  private func failures(_ kernels: sd_kernels) -> [String] {
    if isDepthwise {
      return (1...7).compactMap { kernel in
        // Windows with tiles also have two sets of pairs, each with a padding zero per column.
        let pairs = kernel == 3 || kernel == 5 ? 2 * kernel * (kernel + 1) : 0
        let size = kernels.bf16_depthwise_packed_size(48, kernel)
        return size == 48 * (kernel * kernel + pairs) ? nil : "kernel \(kernel)"
      }
    }
    var failures: [String] = []
    for n in 0...130 {
      for (segments, k) in [(1, 1), (1, 8), (3, 9), (3, 0)] {
        let expected = (n + 15) / 16 * 16 * segments * (k + k % 2)
        if kernels.bf16_gemm_packed_size(n, segments, k) != expected {
          failures.append("n \(n) segments \(segments) k \(k)")
        }
      }
    }
    return failures
  }
}

/// Packing rounds each weight, stores it in its places and fills the rest with zeros.
struct BF16PackCheck: KernelCheck {
  let isDepthwise: Bool

  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  private func failures(_ kernels: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 43)
    return isDepthwise ? depthwiseFailures(kernels, &random) : matrixFailures(kernels, &random)
  }

  private func matrixFailures(_ kernels: sd_kernels, _ random: inout SplitMix64) -> [String] {
    var failures: [String] = []
    for n in [1, 2, 15, 16, 17, 31, 33, 48, 63, 64, 65, 90, 112, 127, 128, 129, 200] {
      let (segments, k) = (n % 3 + 1, Int.random(in: 1...12, using: &random))
      let w = Floats(random: n * segments * k, using: &random)
      let packed = unsafe PackedHalves(kernels.bf16_gemm_packed_size(n, segments, k)) { start in
        unsafe kernels.bf16_gemm_pack(n, segments, k, w.start, start)
      }
      if !holds(packed, w, times: 1) { failures.append("n \(n) segments \(segments) k \(k)") }
    }
    return failures
  }

  private func depthwiseFailures(_ kernels: sd_kernels, _ random: inout SplitMix64) -> [String] {
    (1...7).compactMap { kernel in
      let channels = 16 * Int.random(in: 1...4, using: &random)
      let w = Floats(random: channels * kernel * kernel, using: &random)
      let packed = unsafe PackedHalves(kernels.bf16_depthwise_packed_size(channels, kernel)) {
        start in
        unsafe kernels.bf16_depthwise_pack(channels, kernel, w.start, start)
      }
      return holds(packed, w, times: kernel == 3 || kernel == 5 ? 3 : 1)
        ? nil : "channels \(channels) kernel \(kernel)"
    }
  }

  private func holds(_ packed: PackedHalves, _ w: Floats, times: Int) -> Bool {
    let weights = (0..<w.count).flatMap { [UInt16](repeating: roundedBits(w[$0]), count: times) }
    let zeros = [UInt16](repeating: 0, count: max(packed.count - weights.count, 0))
    return packed.numbers.sorted() == (weights + zeros).sorted() && packed.isGuardIntact
  }
}
