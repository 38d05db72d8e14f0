import CKernels
import Testing

/// The packed form of a weight matrix, 64-byte aligned.
@safe
final class PackedWeights {
  let count: Int
  let start: UnsafeMutablePointer<Float>
  private static let guardCount = 64

  init(_ kernels: sd_kernels, n: Int, k: Int, _ w: Floats) {
    count = kernels.f32_gemm_packed_size(n, k)
    let total = count + Self.guardCount
    let bytes = total * MemoryLayout<Float>.stride
    unsafe start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: total)
    unsafe start.initialize(repeating: Floats.poison, count: total)
    unsafe kernels.f32_gemm_pack(n, k, w.start, start)
  }

  deinit { unsafe UnsafeMutableRawPointer(start).deallocate() }

  var numbers: [Float] { (0..<count).map { unsafe start[$0] } }

  var isGuardIntact: Bool {
    (count..<count + Self.guardCount).allSatisfy { unsafe start[$0] == Floats.poison }
  }
}
