internal import CKernels

extension Executor {
  /// Computes whole blocks of pixels by Strassen's product.
  ///
  /// - Precondition: `rows` begin at a block, so that the results don't depend on the shares.
  func multiplyBlocks(
    _ step: Step, _ rows: Range<Int>, _ activation: Activation, _ plan: StrassenPlan,
    _ scratch: MapView
  ) {
    let width = step.output.shape.width
    let pixels = rows.lowerBound * width..<rows.upperBound * width
    precondition(
      pixels.lowerBound.isMultiple(of: plan.blockPixels),
      "pixel \(pixels.lowerBound) begins no block")
    for begin in stride(from: pixels.lowerBound, to: pixels.upperBound, by: plan.blockPixels) {
      let end = min(begin + plan.blockPixels, pixels.upperBound)
      multiplyBlock(step, begin, end - begin, activation, plan, scratch)
    }
  }

  private func multiplyBlock(
    _ step: Step, _ begin: Int, _ count: Int, _ activation: Activation, _ plan: StrassenPlan,
    _ scratch: MapView
  ) {
    guard let packed = step.packed else { preconditionFailure("weights were not packed") }
    let (input, output) = (step.inputs[0], step.output)
    // The halves of an odd number of pixels have the middle one in common.
    let (rows, lower) = ((count + 1) / 2, count / 2)
    let weights = unsafe network.packed.start + packed.weights
    let lda = input.placement.pixelStride
    let a = unsafe UnsafePointer(floats(input)) + begin * lda
    let c = unsafe a + lower * lda
    let sums = unsafe floats(scratch)
    unsafe sumPixels(a, c, lda, rows, weights, plan, sums)
    let products = unsafe sums + StrassenPlan.pixelSums * rows * plan.sumStride
    /// Adds the product of `x` with weights `matrix` to products `from`, giving products `to`.
    func multiply(
      _ x: UnsafePointer<Float>, _ ldx: Int, by matrix: Int, addingTo from: Int? = nil, _ to: Int
    ) {
      let size = rows * plan.columns
      var arguments = unsafe sd_f32_gemm_args(
        m: rows, n: plan.columns, columns: plan.columns, segments: 1, k: plan.inputs, a: x,
        lda: ldx,
        segment_stride: 0, b: weights + matrix * plan.matrixCount, bias: weights + plan.zeros,
        residual: from.map { unsafe UnsafePointer(products + $0 * size) }, ldr: plan.columns,
        c: products + to * size, ldc: plan.columns, activation: SD_ACTIVATION_NONE)
      unsafe network.kernels.f32_gemm(&arguments)
    }
    func sum(_ index: Int) -> UnsafePointer<Float> {
      unsafe UnsafePointer(sums + index * rows * plan.sumStride)
    }
    unsafe multiply(sum(0), plan.sumStride, by: 0, 4)
    unsafe multiply(a, lda, by: 1, 0)
    unsafe multiply(sum(1), plan.sumStride, by: 2, addingTo: 0, 1)
    unsafe multiply(a + plan.inputs, lda, by: 3, addingTo: 0, 0)
    unsafe multiply(sum(2), plan.sumStride, by: 4, addingTo: 1, 3)
    unsafe multiply(c + plan.inputs, lda, by: 5, addingTo: 3, 2)
    unsafe multiply(sum(3), plan.sumStride, by: 6, addingTo: 1, 1)
    var arguments = unsafe sd_f32_strassen_output_args()
    unsafe arguments.rows = rows
    unsafe arguments.half = plan.columns
    unsafe arguments.columns = step.columns
    unsafe arguments.products = UnsafePointer(products)
    unsafe arguments.scale = weights + plan.outputScale
    unsafe arguments.bias = network.packed.start + packed.bias
    if let residual = step.residual {
      unsafe arguments.ldr = residual.placement.pixelStride
      unsafe arguments.residual = UnsafePointer(floats(residual)) + begin * arguments.ldr
    }
    unsafe arguments.ldy = output.placement.pixelStride
    unsafe arguments.y = floats(output) + begin * arguments.ldy
    unsafe arguments.lower = lower
    unsafe arguments.activation = activation.kernelValue
    unsafe network.kernels.f32_strassen_output(&arguments)
  }

  private func sumPixels(
    _ upper: UnsafePointer<Float>, _ lower: UnsafePointer<Float>, _ lda: Int, _ rows: Int,
    _ weights: UnsafePointer<Float>, _ plan: StrassenPlan, _ sums: UnsafeMutablePointer<Float>
  ) {
    var arguments = unsafe sd_f32_strassen_input_args(
      rows: rows, channels: plan.inputs, upper: upper, lower: lower, lda: lda,
      scale: weights + plan.inputScale, s: sums, stride: plan.sumStride)
    unsafe network.kernels.f32_strassen_input(&arguments)
  }
}
