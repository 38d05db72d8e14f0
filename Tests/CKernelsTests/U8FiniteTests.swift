import CKernels
import Testing

/// Packed weights that came from a file may hold any bits.
@Suite("Finite packed weights")
struct U8FiniteTests {
  private static let tables: [sd_kernels] = [
    SD_ISA_SCALAR, SD_ISA_AVX2, SD_ISA_AVX512, SD_ISA_NEON,
  ].filter(sd_isa_available).map { isa in
    var table = sd_kernels()
    unsafe sd_kernels_init(&table, isa)
    return table
  }

  /// Calls `pack` with scales and biases, one of which is `value`, and returns `isFinite`.
  private func check(
    _ count: Int, bytes: Int, at place: Int, _ value: Float, isBias: Bool,
    pack: ([Float], [Float], UnsafeMutableRawPointer) -> Void,
    isFinite: (UnsafeRawPointer) -> Bool
  ) -> Bool {
    var (scale, bias) = ([Float](repeating: 0.5, count: count), [Float](repeating: 1, count: count))
    if isBias { bias[place] = value } else { scale[place] = value }
    let packed = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 64), alignment: 64)
    defer { unsafe packed.deallocate() }
    unsafe packed.initializeMemory(as: UInt8.self, repeating: 0, count: max(bytes, 64))
    unsafe pack(scale, bias, packed)
    return unsafe isFinite(packed)
  }

  @Test("an infinite or missing scale or bias is found in every form", arguments: [false, true])
  func parameters(isBias: Bool) {
    for kernels in Self.tables {
      for value: Float in [1, .infinity, -.infinity, .nan] {
        for (n, place) in [(1, 0), (16, 15), (33, 32), (128, 0), (130, 97)] {
          let w = [Int8](repeating: 3, count: n * 12)
          let gemm = unsafe check(
            n, bytes: kernels.u8_gemm_packed_size(n, 12), at: place, value, isBias: isBias,
            pack: { unsafe kernels.u8_gemm_pack(n, 12, w, 7, $0, $1, $2) },
            isFinite: { unsafe kernels.u8_gemm_is_finite(n, $0) })
          #expect(gemm == value.isFinite, "gemm \(n) \(value)")
          // Three rows of three pixels with four channels.
          let full = [Int8](repeating: 3, count: n * 3 * 12)
          let convolution = unsafe check(
            n, bytes: kernels.u8_convolution_packed_size(n, 4, 3), at: place, value,
            isBias: isBias,
            pack: { scale, bias, packed in
              unsafe kernels.u8_convolution_pack(
                n, 4, 3, full, [0.5, 1, 2, 0], scale, bias, packed)
            }, isFinite: { unsafe kernels.u8_convolution_is_finite(n, 4, 3, $0) })
          #expect(convolution == value.isFinite, "convolution \(n) \(value)")
        }
        for kernel in [2, 3, 5] {
          for (channels, place) in [(16, 15), (48, 47), (80, 64), (144, 0)] {
            let w = [Int8](repeating: 3, count: channels * kernel * kernel)
            let depthwise = unsafe check(
              channels, bytes: kernels.u8_depthwise_packed_size(channels, kernel), at: place,
              value, isBias: isBias,
              pack: { unsafe kernels.u8_depthwise_pack(channels, kernel, w, 7, $0, $1, $2) },
              isFinite: { unsafe kernels.u8_depthwise_is_finite(channels, kernel, $0) })
            #expect(depthwise == value.isFinite, "depthwise \(channels) x \(kernel) \(value)")
          }
        }
      }
    }
  }
}
