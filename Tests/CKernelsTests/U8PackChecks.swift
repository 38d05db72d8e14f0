import CKernels
import TestSupport

/// The packed size is `n`, rounded up to 16, times `k` weights and three parameters.
struct U8PackedSizeCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  private func failures(_ kernels: sd_kernels) -> [String] {
    (0...130).flatMap { n in
      [0, 4, 8, 28].compactMap { k in
        let expected = (n + 15) / 16 * 16 * (k + 12)
        return kernels.u8_gemm_packed_size(n, k) == expected ? nil : "n \(n) k \(k)"
      }
    }
  }
}

/// The packed form has room for every weight and parameter, in whole vectors.
struct U8DepthwisePackedSizeCheck: KernelCheck {
  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  private func failures(_ kernels: sd_kernels) -> [String] {
    stride(from: 16, through: 320, by: 16).flatMap { channels in
      (1...7).compactMap { kernel in
        let size = kernels.u8_depthwise_packed_size(channels, kernel)
        let isEnough = size >= channels * (kernel * kernel + 12) && size % 16 == 0
        return isEnough ? nil : "channels \(channels) kernel \(kernel): \(size)"
      }
    }
  }
}

/// Packing writes the whole packed form and nothing else.
///
/// The order is up to the kernel; the check of the kernel that reads it covers it.
struct U8PackCheck: KernelCheck {
  let isDepthwise: Bool

  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  private func failures(_ kernels: sd_kernels) -> [String] {
    var random = SplitMix64(seed: 25)
    let sizes =
      isDepthwise
      ? [16, 32, 48, 64, 80, 144, 192].flatMap { channels in (1...7).map { (channels, $0) } }
      : [1, 2, 15, 16, 17, 31, 33, 48, 63, 64, 65, 90, 112, 127, 128, 129, 200].map { ($0, 12) }
    return sizes.compactMap { first, second in
      let rowLength = isDepthwise ? second * second : second
      let w = Bytes(weights: first * rowLength, using: &random)
      let (scale, bias) = (Floats(random: first, using: &random), Floats(first, fill: 1))
      let size =
        isDepthwise
        ? kernels.u8_depthwise_packed_size(first, second)
        : kernels.u8_gemm_packed_size(first, second)
      let packs: [Bytes] = [UInt8(0), 0xFF].map { fill in
        let packed = Bytes(size, fill: fill)
        unsafe w.start.withMemoryRebound(to: Int8.self, capacity: w.count) { w in
          let pack = unsafe isDepthwise ? kernels.u8_depthwise_pack : kernels.u8_gemm_pack
          unsafe pack?(first, second, w, 7, scale.start, bias.start, packed.start)
        }
        return packed
      }
      let isWhole = (0..<size).allSatisfy { packs[0][$0] == packs[1][$0] }
      let isInside = (-16..<0).allSatisfy { packs[0][$0] == 0 && packs[1][$0] == 0xFF }
      return isWhole && isInside ? nil : "\(first) by \(second)"
    }
  }
}
