import CKernels
import TestSupport

/// The product of bytes, with every kind of output.
struct U8GEMMCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 20)
    return (0..<90).compactMap { index in
      let test = U8GEMMCase(
        m: .random(in: 1...7, using: &random), n: .random(in: 1...40, using: &random),
        k: 4 * .random(in: 1...6, using: &random), segments: index % 4 == 0 ? 3 : 1,
        U8GEMMCase.Output.allCases[index % 6], using: &random)
      return test.difference(test.run(scalar), test.naive())
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 21)
    var tests = Self.sizes(using: &random).enumerated().map { index, size in
      U8GEMMCase(
        m: size.m, n: size.n, k: size.k, segments: index % 5 == 0 ? 2 : 1,
        U8GEMMCase.Output.allCases[index % 6], using: &random)
    }
    // Some tiles have separate code for a short k.
    for k in [12, 16, 20, 24, 28, 32, 36] {
      for n in [8, 16, 24, 32, 33, 48, 64, 96, 144] {
        for m in [2, 3, 4, 7, 8, 13, 31] {
          let output = k % 8 == 0 && m != 7 ? .plain : U8GEMMCase.Output.allCases[(m + n) % 6]
          tests.append(U8GEMMCase(m: m, n: n, k: k, output, using: &random))
        }
      }
    }
    return tests.compactMap { $0.difference($0.run(vector), $0.run(scalar)) }
  }

  /// Sizes around the height and width of every tile, and layers of MobileNetV2-SSDLite.
  private static func sizes(
    using random: inout SplitMix64
  ) -> [(m: Int, n: Int, k: Int)] {
    var result: [(m: Int, n: Int, k: Int)] = []
    for m in Array(1...17) + [25, 33] {
      for n in [1, 7, 15, 16, 17, 24, 32, 33, 47, 48, 49, 63, 64, 65, 80, 100, 126, 130] {
        result.append((m, n, 4 * .random(in: 1...24, using: &random)))
      }
    }
    // Early layers have fewer rows here; 600 rows of 960 bytes are more than one block of A.
    let layers = [
      (301, 32, 32), (151, 16, 96), (151, 144, 24), (145, 192, 32), (91, 64, 384), (50, 576, 160),
      (600, 960, 80), (91, 576, 24), (25, 512, 546), (9, 256, 546), (4, 128, 256), (1, 256, 128),
      (1, 1280, 1000), (2, 576, 126),
    ]
    for (m, k, n) in layers { result.append((m, n, k)) }
    return result
  }
}

/// Outputs beyond a byte are clamped; those beyond 32 bits may be anything within the bounds.
struct U8ExtremesCheck {
  static func failures(_ kernels: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 22)
    let test = U8GEMMCase(m: 3, n: 96, k: 8, .plain, using: &random)
    let numbers: [Float] = [2e9, 256, 255.5, 0, -0.5, -1, -2e9]
    for column in 0..<test.n {
      test.scale[column] = 0
      test.bias[column] = numbers[column % numbers.count]
    }
    var failures = [test.difference(test.run(kernels), test.naive())].compactMap { $0 }
    let wild: [Float] = [.infinity, 1e30, 3e9, -3e9, -1e30, -.infinity, .nan]
    for column in 0..<test.n { test.bias[column] = wild[column % wild.count] }
    let (bytes, _) = test.run(kernels)
    for row in 0..<test.m {
      for column in 0..<test.n
      where !(test.low...test.high).contains(bytes[row * test.ldc + column]) {
        failures.append("\(wild[column % wild.count]): \(bytes[row * test.ldc + column])")
      }
    }
    return failures
  }
}
