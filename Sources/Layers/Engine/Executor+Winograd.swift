internal import CKernels

extension Executor {
  /// Computes whole tiles of rows, block by block.
  ///
  /// - Precondition: `rows` begin at a tile, so that the results don't depend on the shares.
  func convolveTiles(
    _ step: Step, _ rows: Range<Int>, _ activation: Activation, _ plan: WinogradPlan,
    _ scratch: MapView
  ) {
    precondition(
      rows.lowerBound.isMultiple(of: WinogradPlan.tile), "row \(rows.lowerBound) begins no tile")
    let columns = WinogradPlan.count(step.output.shape.width)
    let first = rows.lowerBound / WinogradPlan.tile * columns
    let count = WinogradPlan.count(rows.upperBound) * columns - first
    let blocks = (count + plan.blockTiles - 1) / plan.blockTiles
    var input = unsafe tileInput(step)
    var output = unsafe tileOutput(step, activation)
    unsafe input.columns = columns
    unsafe output.columns = columns
    for block in 0..<blocks {
      let begin = first + count * block / blocks
      let end = first + count * (block + 1) / blocks
      let transformed = unsafe floats(scratch)
      let products = unsafe transformed + WinogradPlan.positions * (end - begin) * plan.inputs
      unsafe input.begin = begin
      unsafe input.end = end
      unsafe input.v = transformed
      unsafe network.kernels.f32_winograd_input(&input)
      unsafe multiplyTiles(step, end - begin, plan, UnsafePointer(transformed), products)
      unsafe output.begin = begin
      unsafe output.end = end
      unsafe output.m = UnsafePointer(products)
      unsafe output.m_stride = plan.columns
      unsafe network.kernels.f32_winograd_output(&output)
    }
  }

  /// The matrix product of each position.
  private func multiplyTiles(
    _ step: Step, _ tiles: Int, _ plan: WinogradPlan, _ transformed: UnsafePointer<Float>,
    _ products: UnsafeMutablePointer<Float>
  ) {
    var arguments = unsafe matrixArguments(step, .none)
    unsafe arguments.m = tiles
    unsafe arguments.columns = plan.columns
    unsafe arguments.segments = 1
    unsafe arguments.k = step.inputs[0].shape.channels
    unsafe arguments.lda = plan.inputs
    unsafe arguments.residual = nil
    unsafe arguments.ldc = plan.columns
    let first = unsafe arguments.b
    unsafe arguments.bias = first.map {
      unsafe $0 + WinogradPlan.positions * plan.matrixCount
    }
    for position in 0..<WinogradPlan.positions {
      unsafe arguments.a = transformed + position * tiles * plan.inputs
      unsafe arguments.b = first.map { unsafe $0 + position * plan.matrixCount }
      unsafe arguments.c = products + position * tiles * plan.columns
      unsafe network.kernels.f32_gemm(&arguments)
    }
  }

  private func tileInput(_ step: Step) -> sd_f32_winograd_input_args {
    let input = step.inputs[0]
    var arguments = unsafe sd_f32_winograd_input_args()
    unsafe arguments.channels = paddedChannels(input.shape.channels)
    unsafe arguments.in_height = input.shape.height
    unsafe arguments.in_width = input.shape.width
    if let window = step.window {
      unsafe arguments.pad_top = window.extent(over: input.shape.height).padBefore
      unsafe arguments.pad_left = window.extent(over: input.shape.width).padBefore
    }
    unsafe arguments.x = UnsafePointer(floats(input))
    unsafe arguments.x_pixel_stride = input.placement.pixelStride
    unsafe arguments.x_row_stride = input.rowStride
    return unsafe arguments
  }

  private func tileOutput(
    _ step: Step, _ activation: Activation
  ) -> sd_f32_winograd_output_args {
    let output = step.output
    var arguments = unsafe sd_f32_winograd_output_args()
    unsafe arguments.channels = step.columns
    unsafe arguments.out_height = output.shape.height
    unsafe arguments.out_width = output.shape.width
    if let packed = step.packed {
      unsafe arguments.bias = UnsafePointer(network.packed.start + packed.bias)
    }
    if let residual = step.residual {
      unsafe arguments.residual = UnsafePointer(floats(residual))
      unsafe arguments.residual_pixel_stride = residual.placement.pixelStride
      unsafe arguments.residual_row_stride = residual.rowStride
    }
    unsafe arguments.y = floats(output)
    unsafe arguments.y_pixel_stride = output.placement.pixelStride
    unsafe arguments.y_row_stride = output.rowStride
    unsafe arguments.activation = activation.kernelValue
    return unsafe arguments
  }
}
