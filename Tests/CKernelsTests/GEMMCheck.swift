import CKernels
import TestSupport

/// `c = activation(a * w + bias) + residual` with rows of `a` in segments.
struct GEMMCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 1)
    var failures: [String] = []
    for index in 0..<60 {
      let sizes = GEMMCase.Sizes(
        m: .random(in: 1...7, using: &random), n: .random(in: 1...40, using: &random),
        k: .random(in: 1...12, using: &random), segments: .random(in: 1...3, using: &random))
      let test = GEMMCase(
        sizes, activations[index % 5], GEMMCase.Residual.allCases[index % 3], using: &random)
      let expected = test.naive()
      let actual = test.run(scalar)
      if let at = test.firstDifference(actual, expected, test.magnitudes(scalar)) {
        failures.append("\(test): output \(at)")
      }
    }
    return failures
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 2)
    var failures: [String] = []
    for (index, sizes) in Self.sizes(using: &random).enumerated() {
      let test = GEMMCase(
        sizes, activations[index % 5], GEMMCase.Residual.allCases[index % 3], using: &random)
      let expected = test.run(scalar)
      let actual = test.run(vector)
      if let at = test.firstDifference(actual, expected, test.magnitudes(scalar)) {
        failures.append("\(test): output \(at)")
      }
    }
    return failures
  }

  /// Sizes around the height and width of every tile, and layers of MobileNetV2-SSDLite.
  static func sizes(using random: inout SplitMix64) -> [GEMMCase.Sizes] {
    var result: [GEMMCase.Sizes] = []
    for m in Array(0...13) + [16, 17, 25, 33] {
      for n in [
        1, 7, 8, 9, 15, 16, 17, 24, 32, 33, 40, 47, 48, 49, 56, 63, 64, 65, 80, 100, 126, 130,
      ] {
        let segments = (m + n) % 4 == 0 ? 3 : 1
        result.append(
          .init(m: m, n: n, k: .random(in: 1...24, using: &random), segments: segments))
      }
    }
    // Early layers have fewer rows here; 200 rows of 960 floats are more than one block of A.
    let layers = [
      (601, 32, 32), (301, 16, 96), (151, 144, 24), (145, 192, 32), (361, 64, 384), (100, 576, 160),
      (200, 960, 80), (361, 576, 24), (25, 512, 546), (9, 256, 546), (4, 128, 256), (1, 256, 128),
      (1, 1280, 1000), (2, 576, 126),
    ]
    for (m, k, n) in layers { result.append(.init(m: m, n: n, k: k, segments: 1)) }
    // The first layer: overlapping 3 x 3 windows of 3 colours.
    result.append(.init(m: 149, n: 32, k: 9, segments: 3, lda: 6, segmentStride: 900))
    return result
  }
}
