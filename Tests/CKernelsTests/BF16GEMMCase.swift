import CKernels
import TestSupport

/// One product of bfloat16 matrices with its inputs.
///
/// Numbers that the contract does not let a kernel read are NaN or lie beyond a guarded page.
struct BF16GEMMCase: CustomStringConvertible {
  let sizes: GEMMCase.Sizes
  let activation: sd_activation
  let residualKind: GEMMCase.Residual
  let lda, segmentStride, ldc, ldr: Int
  var a, residual: BFloats
  var w, bias: Floats

  init(
    _ sizes: GEMMCase.Sizes, _ activation: sd_activation, _ residual: GEMMCase.Residual,
    using random: inout SplitMix64
  ) {
    let (m, n, segments) = (sizes.m, sizes.n, sizes.segments)
    // If a run is odd, the number after it is read as well.
    let run = sizes.k + sizes.k % 2
    self.sizes = sizes
    self.activation = activation
    residualKind = residual
    segmentStride = sizes.segmentStride ?? run + .random(in: 0...5, using: &random)
    lda = sizes.lda ?? segments * segmentStride + .random(in: 0...5, using: &random)
    ldc = n + .random(in: 0...19, using: &random)
    ldr = residual == .inPlace ? ldc : n + .random(in: 0...19, using: &random)
    a = .nan((max(m, 1) - 1) * lda + (segments - 1) * segmentStride + run)
    for row in 0..<m {
      a.randomize(
        rows: segments, from: row * lda, stride: segmentStride, columns: run, using: &random)
    }
    w = Floats(random: n * sizes.k * segments, using: &random)
    bias = Floats(random: n, using: &random)
    self.residual = BFloats(m * ldr)
    self.residual.randomize(rows: m, stride: ldr, columns: n, using: &random)
  }

  var description: String {
    "m \(sizes.m) n \(sizes.n) k \(sizes.k) segments \(sizes.segments) lda \(lda) ldc \(ldc) "
      + "activation \(activation.rawValue) residual \(residualKind)"
  }

  /// The output of a kernel in bfloat16.
  func run(_ kernels: sd_kernels) -> BFloats {
    let c = residualKind == .inPlace ? BFloats(copying: residual) : BFloats(sizes.m * ldc)
    unsafe run(kernels) { arguments in
      unsafe arguments.c = c.start
      if residualKind == .inPlace { unsafe arguments.residual = UnsafePointer(c.start) }
    }
    return c
  }

  /// The output of a kernel in single precision.
  func runUnrounded(_ kernels: sd_kernels) -> Floats {
    let c = Floats(sizes.m * ldc)
    unsafe run(kernels) { arguments in unsafe arguments.c_f32 = c.start }
    return c
  }

  private func run(_ kernels: sd_kernels, _ prepare: (inout sd_bf16_gemm_args) -> Void) {
    let size = kernels.bf16_gemm_packed_size(sizes.n, sizes.segments, sizes.k)
    let packed = unsafe PackedHalves(size) { start in
      unsafe kernels.bf16_gemm_pack(sizes.n, sizes.segments, sizes.k, w.start, start)
    }
    var arguments = unsafe sd_bf16_gemm_args()
    unsafe arguments.m = sizes.m
    unsafe arguments.n = sizes.n
    unsafe arguments.segments = sizes.segments
    unsafe arguments.k = sizes.k
    unsafe arguments.a = UnsafePointer(a.start)
    unsafe arguments.lda = lda
    unsafe arguments.segment_stride = segmentStride
    unsafe arguments.b = UnsafePointer(packed.start)
    unsafe arguments.bias = UnsafePointer(bias.start)
    if residualKind != .none { unsafe arguments.residual = UnsafePointer(residual.start) }
    unsafe arguments.ldr = ldr
    unsafe arguments.ldc = ldc
    unsafe arguments.activation = activation
    unsafe prepare(&arguments)
    unsafe kernels.bf16_gemm(&arguments)
  }

  /// The contract, as three loops, before rounding.
  func naive() -> Floats {
    let c = Floats(sizes.m * ldc)
    let (k, segments) = (sizes.k, sizes.segments)
    for i in 0..<sizes.m {
      for j in 0..<sizes.n {
        var sum = bias[j]
        for s in 0..<segments {
          for p in 0..<k {
            let weight = rounded(w[j * segments * k + s * k + p])
            sum += a[i * lda + s * segmentStride + p] * weight
          }
        }
        let added = residualKind == .none ? 0 : residual[i * ldr + j]
        c[i * ldc + j] = activated(sum, activation) + added
      }
    }
    return c
  }

  /// For each output, the sum of the magnitudes of its terms; zero in the gaps between rows.
  func magnitudes(_ scalar: sd_kernels) -> [Float] {
    let copy = BF16GEMMCase(magnitudesOf: self)
    let sums = copy.runUnrounded(scalar)
    return (0..<sums.count).map { $0 % ldc < sizes.n ? sums[$0] : 0 }
  }

  func tolerance(_ magnitude: Float) -> Float {
    CKernelsTests.tolerance(
      terms: sizes.segments * sizes.k + 2, magnitude: magnitude, activation)
  }

  private init(magnitudesOf other: BF16GEMMCase) {
    sizes = other.sizes
    activation = SD_ACTIVATION_NONE
    residualKind = other.residualKind
    (lda, segmentStride) = (other.lda, other.segmentStride)
    (ldc, ldr) = (other.ldc, other.ldr)
    (a, residual) = (other.a.magnitudes(), other.residual.magnitudes())
    (w, bias) = (other.w.magnitudes(), other.bias.magnitudes())
  }
}
