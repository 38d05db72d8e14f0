import CKernels
import TestSupport

/// One product of bytes with its inputs.
///
/// All inputs end at guarded pages.
struct U8GEMMCase: CustomStringConvertible {
  /// What the sums are turned into.
  enum Output: CaseIterable { case plain, hardSwish, hardSigmoid, residual, inPlace, floats }

  let m, n, k, segments: Int
  let output: Output
  let lda, ldc, ldr, segmentStride: Int
  let zero, low, high: UInt8
  let step: Float = 30
  let outputZero: Float = 11
  let residualScale: Float = 0.7
  let a, w, residual: Bytes
  let scale, bias: Floats

  /// `k` is the length of one segment.
  init(
    m: Int, n: Int, k: Int, segments: Int = 1, _ output: Output, using random: inout SplitMix64
  ) {
    (self.m, self.n, self.k, self.segments, self.output) = (m, n, k, segments, output)
    lda = k + .random(in: 0...9, using: &random)
    segmentStride = k + .random(in: 0...40, using: &random)
    ldc = (n + 15) / 16 * 16 + .random(in: 0...9, using: &random)
    ldr = output == .inPlace ? ldc : n + .random(in: 0...9, using: &random)
    zero = random.next()
    (low, high) = Bool.random(using: &random) ? (0, 255) : (17, 201)
    a = Bytes(random: (m - 1) * lda + (segments - 1) * segmentStride + k, using: &random)
    w = Bytes(weights: n * segments * k, using: &random)
    residual = Bytes(random: output == .inPlace ? m * ldc : (m - 1) * ldr + n, using: &random)
    // Outputs cover the range of bytes and exceed it.
    let range: Float = output == .hardSwish || output == .hardSigmoid ? 6 : 200
    scale = Floats(random: n, scale: range / 2000 / Float(segments * k + 20), using: &random)
    bias = Floats(random: n, scale: range, using: &random)
  }

  var description: String {
    "m \(m) n \(n) k \(segments) x \(k) lda \(lda) ldc \(ldc) ldr \(ldr) zero \(zero) \(output)"
  }

  private var isFloats: Bool { output == .floats }
  private var padded: Int { (n + 15) / 16 * 16 }

  private var activation: sd_activation {
    switch output {
    case .hardSwish: SD_ACTIVATION_HARD_SWISH
    case .hardSigmoid: SD_ACTIVATION_HARD_SIGMOID
    default: SD_ACTIVATION_NONE
    }
  }

  private func emptyOutputs() -> (bytes: Bytes, floats: Floats) {
    let bytes = output == .inPlace ? Bytes(copying: residual) : Bytes((m - 1) * ldc + padded)
    return (bytes, Floats((m - 1) * ldc + n))
  }

  /// The outputs of a kernel, with bytes that the contract leaves unspecified reset.
  func run(_ kernels: sd_kernels) -> (bytes: Bytes, floats: Floats) {
    let packed = Bytes(kernels.u8_gemm_packed_size(n, segments * k))
    let (c, floats) = emptyOutputs()
    unsafe w.start.withMemoryRebound(to: Int8.self, capacity: w.count) { w in
      unsafe kernels.u8_gemm_pack(n, segments * k, w, zero, scale.start, bias.start, packed.start)
    }
    var arguments = unsafe sd_u8_gemm_args()
    unsafe arguments.m = m
    unsafe arguments.n = n
    unsafe arguments.segments = segments
    unsafe arguments.k = k
    unsafe arguments.segment_stride = segmentStride
    unsafe arguments.a = UnsafePointer(a.start)
    unsafe arguments.lda = lda
    unsafe arguments.packed = UnsafeRawPointer(packed.start)
    unsafe arguments.activation = activation
    unsafe arguments.step = step
    unsafe arguments.zero = outputZero
    unsafe arguments.low = low
    unsafe arguments.high = high
    if output == .residual { unsafe arguments.residual = UnsafePointer(residual.start) }
    if output == .inPlace { unsafe arguments.residual = UnsafePointer(c.start) }
    unsafe arguments.ldr = ldr
    unsafe arguments.residual_scale = residualScale
    unsafe arguments.c = c.start
    unsafe arguments.ldc = ldc
    if isFloats { unsafe arguments.c_f32 = floats.start }
    unsafe arguments.ldc_f32 = ldc
    unsafe kernels.u8_gemm(&arguments)
    if !isFloats { clearPadding(c) }
    return (c, floats)
  }

  private func clearPadding(_ c: Bytes) {
    for row in 0..<m {
      for column in n..<padded { c[row * ldc + column] = 0 }
    }
  }

  /// The contract, as three loops.
  func naive() -> (bytes: Bytes, floats: Floats) {
    let (c, floats) = emptyOutputs()
    for i in 0..<m {
      for j in 0..<n {
        let sum = (0..<segments * k).reduce(Int32(0)) { sum, p in
          let at = i * lda + p / k * segmentStride + p % k
          return sum + (Int32(a[at]) - Int32(zero)) * Int32(w.weight(j * segments * k + p))
        }
        let real = bias[j].addingProduct(Float(sum), scale[j])
        floats[i * ldc + j] = isFloats ? real : Floats.poison
        if isFloats { continue }
        let value =
          switch output {
          case .residual, .inPlace:
            real.addingProduct(Float(residual[i * ldr + j]), residualScale)
          case .plain, .floats: real
          case .hardSwish, .hardSigmoid:
            outputZero.addingProduct(activated(real, activation), step)
          }
        c[i * ldc + j] = byte(value, low, high)
      }
    }
    if !isFloats { clearPadding(c) }
    return (c, floats)
  }

  /// The first difference between two outputs.
  func difference(
    _ actual: (bytes: Bytes, floats: Floats), _ expected: (bytes: Bytes, floats: Floats)
  ) -> String? {
    if let at = actual.bytes.firstDifference(from: expected.bytes) { return "\(self): byte \(at)" }
    return actual.floats.firstDifference(from: expected.floats).map { "\(self): float \($0)" }
  }
}

/// `value`, rounded with ties to even and clamped to the range of two bytes.
func byte(_ value: Float, _ low: UInt8, _ high: UInt8) -> UInt8 {
  if value.isNaN { return low }
  return UInt8(min(max(value.rounded(.toNearestOrEven), Float(low)), Float(high)))
}
