import CKernels
import TestSupport

/// One matrix product with its inputs.
///
/// Numbers that the contract does not let a kernel read are NaN.
struct GEMMCase: CustomStringConvertible {
  struct Sizes {
    var m, n, k, segments: Int
    var lda: Int?
    var segmentStride: Int?
  }
  enum Residual: CaseIterable { case none, separate, inPlace }

  let sizes: Sizes
  let activation: sd_activation
  let residualKind: Residual
  let columns, lda, segmentStride, ldc, ldr: Int
  var a, w, bias, residual: Floats

  init(
    _ sizes: Sizes, _ activation: sd_activation, _ residual: Residual,
    using random: inout SplitMix64
  ) {
    var sizes = sizes
    // The contract asks for an even k if the packed k is even.
    if sizes.segments % 2 == 0 { sizes.k += sizes.k % 2 }
    let (m, n, k, segments) = (sizes.m, sizes.n, sizes.k, sizes.segments)
    self.sizes = sizes
    columns = .random(in: n...(n + 15) / 16 * 16, using: &random)
    self.activation = activation
    residualKind = residual
    segmentStride = sizes.segmentStride ?? k + .random(in: 0...5, using: &random)
    lda = sizes.lda ?? segments * segmentStride + .random(in: 0...5, using: &random)
    ldc = columns + .random(in: 0...19, using: &random)
    ldr = residual == .inPlace ? ldc : columns + .random(in: 0...19, using: &random)
    a = Floats((max(m, 1) - 1) * lda + (segments - 1) * segmentStride + k, fill: .nan)
    for row in 0..<m {
      a.randomize(
        rows: segments, from: row * lda, stride: segmentStride, columns: k, using: &random)
    }
    w = Floats(random: n * k * segments, using: &random)
    bias = Floats(random: columns, using: &random)
    self.residual = Floats(m * ldr)
    self.residual.randomize(rows: m, stride: ldr, columns: columns, using: &random)
  }

  var description: String {
    "m \(sizes.m) n \(sizes.n) columns \(columns) k \(sizes.k) segments \(sizes.segments) "
      + "lda \(lda) ldc \(ldc) activation \(activation.rawValue) residual \(residualKind)"
  }

  /// The output of a kernel.
  func run(_ kernels: sd_kernels) -> Floats {
    let packed = PackedWeights(kernels, n: sizes.n, k: sizes.k * sizes.segments, w)
    let c = residualKind == .inPlace ? Floats(copying: residual) : Floats(sizes.m * ldc)
    var arguments = unsafe sd_f32_gemm_args()
    unsafe arguments.m = sizes.m
    unsafe arguments.n = sizes.n
    unsafe arguments.columns = columns
    unsafe arguments.segments = sizes.segments
    unsafe arguments.k = sizes.k
    unsafe arguments.a = UnsafePointer(a.start)
    unsafe arguments.lda = lda
    unsafe arguments.segment_stride = segmentStride
    unsafe arguments.b = UnsafePointer(packed.start)
    unsafe arguments.bias = UnsafePointer(bias.start)
    switch residualKind {
    case .none: break
    case .separate: unsafe arguments.residual = UnsafePointer(residual.start)
    case .inPlace: unsafe arguments.residual = UnsafePointer(c.start)
    }
    unsafe arguments.ldr = ldr
    unsafe arguments.c = c.start
    unsafe arguments.ldc = ldc
    unsafe arguments.activation = activation
    unsafe kernels.f32_gemm(&arguments)
    return c
  }

  /// The contract, as three loops.
  func naive() -> Floats {
    let c = residualKind == .inPlace ? Floats(copying: residual) : Floats(sizes.m * ldc)
    let (k, segments) = (sizes.k, sizes.segments)
    for i in 0..<sizes.m {
      for j in 0..<columns {
        var sum = bias[j]
        for s in 0..<(j < sizes.n ? segments : 0) {
          for p in 0..<k {
            sum += a[i * lda + s * segmentStride + p] * w[j * segments * k + s * k + p]
          }
        }
        let added = residualKind == .none ? 0 : residual[i * ldr + j]
        c[i * ldc + j] = activated(sum, activation) + added
      }
    }
    return c
  }

  /// For each output, the sum of the magnitudes of its terms.
  func magnitudes(_ scalar: sd_kernels) -> Floats {
    var copy = GEMMCase(copying: self, activation: SD_ACTIVATION_NONE)
    copy.a = a.magnitudes()
    copy.w = w.magnitudes()
    copy.bias = bias.magnitudes()
    copy.residual = residual.magnitudes()
    return copy.run(scalar)
  }

  func firstDifference(_ actual: Floats, _ expected: Floats, _ magnitudes: Floats) -> Int? {
    let terms = sizes.segments * sizes.k + 2
    return actual.firstDifference(from: expected) { index in
      tolerance(terms: terms, magnitude: magnitudes[index], activation)
    }
  }

  private init(copying other: GEMMCase, activation: sd_activation) {
    sizes = other.sizes
    self.activation = activation
    residualKind = other.residualKind
    (columns, lda, segmentStride) = (other.columns, other.lda, other.segmentStride)
    (ldc, ldr) = (other.ldc, other.ldr)
    (a, w, bias, residual) = (other.a, other.w, other.bias, other.residual)
  }
}
