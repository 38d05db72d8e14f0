import CKernels
import TestSupport

/// Full convolution of bytes: maps with a zero point, and pixels whose zero is between two bytes.
struct U8ConvolutionCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 26)
    return (0..<120).compactMap { index in
      let test = Self.random(index, side: 7, using: &random)
      let (bytes, floats) = test.run(scalar)
      for (at, number) in test.exact() {
        if test.output == .floats {
          if abs(Double(floats[at]) - number) > 1e-3 { return "\(test): float \(at)" }
        } else {
          // Close to halfway between two bytes it may become either.
          let byte = min(max(number, Double(test.low)), Double(test.high))
          if abs(Double(bytes[at]) - byte) > 0.501 { return "\(test): byte \(at)" }
        }
      }
      return nil
    }
  }

  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 27)
    return (0..<300).compactMap { index in
      // Some maps are wider than one strip.
      let test = Self.random(index, side: index % 20 == 0 ? 400 : 13, using: &random)
      let (actual, expected) = (test.run(vector), test.run(scalar))
      if let at = actual.bytes.firstDifference(from: expected.bytes) {
        return "\(test): byte \(at)"
      }
      return actual.floats.firstDifference(from: expected.floats).map { "\(test): float \($0)" }
    }
  }

  private static func random(
    _ index: Int, side: Int, using random: inout SplitMix64
  ) -> U8ConvolutionCase {
    U8ConvolutionCase(
      channels: index % 3 == 0 ? 3 : .random(in: 1...40, using: &random),
      n: .random(in: 1...70, using: &random),
      kernel: [1, 2, 3, 3, 5][.random(in: 0...4, using: &random)],
      stride: .random(in: 1...3, using: &random),
      height: .random(in: 1...min(side, 9), using: &random),
      width: .random(in: 1...side, using: &random), U8GEMMCase.Output.allCases[index % 6],
      isWhole: index % 2 == 0, using: &random)
  }
}

/// The packed form is at least as large as that of the product.
struct U8ConvolutionPackedSizeCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  private func failures(_ kernels: sd_kernels) -> [String] {
    [1, 15, 16, 17, 64].flatMap { n in
      [1, 3, 16, 24].flatMap { channels in
        (1...5).compactMap { kernel in
          let run = (kernel * channels + 3) / 4 * 4
          let size = kernels.u8_convolution_packed_size(n, channels, kernel)
          let isEnough = size >= kernels.u8_gemm_packed_size(n, kernel * run) + channels
          return isEnough ? nil : "\(channels) to \(n) kernel \(kernel): \(size)"
        }
      }
    }
  }
}

/// Packing writes the whole packed form and nothing else.
struct U8ConvolutionPackCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  private func failures(_ kernels: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 28)
    return [(16, 3, 3), (33, 3, 2), (64, 16, 3), (7, 5, 5)].compactMap { n, channels, kernel in
      let run = (kernel * channels + 3) / 4 * 4
      let w = Bytes(weights: n * kernel * run, using: &random)
      let (scale, bias) = (Floats(random: n, using: &random), Floats(n, fill: 1))
      let zero = Floats(random: channels, scale: 99, using: &random)
      let size = kernels.u8_convolution_packed_size(n, channels, kernel)
      let packs: [Bytes] = [UInt8(0), 0xFF].map { fill in
        let packed = Bytes(size, fill: fill)
        unsafe w.start.withMemoryRebound(to: Int8.self, capacity: w.count) { w in
          unsafe kernels.u8_convolution_pack(
            n, channels, kernel, w, zero.start, scale.start, bias.start, packed.start)
        }
        return packed
      }
      let isWhole = (0..<size).allSatisfy { packs[0][$0] == packs[1][$0] }
      let isInside = (-16..<0).allSatisfy {
        packs[0][$0] == 0 && packs[1][$0] == 0xFF
      }
      return isWhole && isInside ? nil : "\(channels) to \(n) kernel \(kernel)"
    }
  }
}
