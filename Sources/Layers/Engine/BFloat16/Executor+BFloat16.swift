internal import CKernels

extension Step {
  /// Whether the step runs a bfloat16 kernel: its input is bfloat16 or is first converted to it.
  var isBFloat16: Bool {
    if case .convolution(_, _, let border?) = kind { return border.element == .bfloat16 }
    switch kind {
    case .pointwise, .convolution, .depthwise, .globalAverage, .scale:
      return inputs[0].element == .bfloat16
    default: return false
    }
  }
}

extension Executor {
  /// The first element of row `row` of a bfloat16 map.
  func halves(_ view: MapView, row: Int = 0) -> UnsafeMutablePointer<sd_bf16> {
    unsafe memory(view, row: row).assumingMemoryBound(to: sd_bf16.self)
  }

  /// The packed weights and the biases of a bfloat16 step.
  private func packedHalves(
    _ step: Step
  ) -> (weights: UnsafePointer<sd_bf16>, bias: UnsafePointer<Float>) {
    guard let packed = step.packed else { preconditionFailure("weights were not packed") }
    let start = unsafe network.packed.start
    let weights = unsafe UnsafeRawPointer(start + packed.weights)
    return unsafe (
      weights.assumingMemoryBound(to: sd_bf16.self), start + packed.bias
    )
  }

  /// Computes the output rows `rows` of a bfloat16 step.
  func executeBFloat16(_ step: Step, rows: Range<Int>) {
    let (input, output) = (step.inputs[0], step.output)
    let pixels = rows.count * output.shape.width
    let kernels = network.kernels
    switch step.kind {
    case .pointwise(let activation):
      var arguments = unsafe productArguments(step, row: rows.lowerBound, activation)
      unsafe arguments.m = pixels
      unsafe arguments.segments = 1
      unsafe arguments.k = input.shape.channels
      unsafe arguments.a = UnsafePointer(halves(input, row: rows.lowerBound))
      unsafe arguments.lda = input.placement.pixelStride
      unsafe kernels.bf16_gemm(&arguments)
    case .convolution(let window, let activation, let border):
      convolveBFloat16(step, rows, window, activation, border)
    case .depthwise(let window, let activation):
      convolveBFloat16Depthwise(step, rows, window, activation)
    case .globalAverage:
      unsafe kernels.bf16_global_average(
        input.shape.pixels, min(input.placement.lanes, output.placement.lanes), halves(input),
        input.placement.pixelStride, halves(output))
    case .scale:
      let factors = step.inputs[1]
      let x = unsafe halves(input, row: rows.lowerBound)
      let y = unsafe halves(output, row: rows.lowerBound)
      unsafe kernels.bf16_channel_scale(
        pixels, min(output.placement.lanes, factors.placement.lanes), x, floats(factors), y,
        output.placement.pixelStride)
    default: preconditionFailure("this step has no bfloat16 kernel")
    }
  }

  /// Arguments of a matrix product whose output starts at row `row`; the caller sets the left-hand
  /// matrix.
  private func productArguments(
    _ step: Step, row: Int, _ activation: Activation
  ) -> sd_bf16_gemm_args {
    let packed = unsafe packedHalves(step)
    var arguments = unsafe sd_bf16_gemm_args()
    unsafe arguments.n = step.columns
    unsafe arguments.b = packed.weights
    unsafe arguments.bias = packed.bias
    if let residual = step.residual {
      unsafe arguments.residual = UnsafePointer(halves(residual, row: row))
      unsafe arguments.ldr = residual.placement.pixelStride
    }
    if step.output.element == .bfloat16 {
      unsafe arguments.c = halves(step.output, row: row)
    } else {
      unsafe arguments.c_f32 = floats(step.output, row: row)
    }
    unsafe arguments.ldc = step.output.placement.pixelStride
    unsafe arguments.activation = activation.kernelValue
    return unsafe arguments
  }

  private func convolveBFloat16(
    _ step: Step, _ rows: Range<Int>, _ window: Window, _ activation: Activation,
    _ border: MapView?
  ) {
    let (source, firstRow) = windowed(step.inputs[0], rows, window, border)
    var arguments = unsafe productArguments(step, row: rows.lowerBound, activation)
    unsafe arguments.m = step.output.shape.width
    unsafe arguments.segments = window.kernel
    unsafe arguments.k = window.kernel * source.placement.pixelStride
    unsafe arguments.a = UnsafePointer(halves(source, row: firstRow))
    unsafe arguments.lda = window.stride * source.placement.pixelStride
    unsafe arguments.segment_stride = source.rowStride
    for _ in rows {
      unsafe network.kernels.bf16_gemm(&arguments)
      unsafe arguments.a += window.stride * source.rowStride
      if step.output.element == .bfloat16 {
        unsafe arguments.c += step.output.rowStride
      } else {
        unsafe arguments.c_f32 += step.output.rowStride
      }
      if let residual = step.residual { unsafe arguments.residual += residual.rowStride }
    }
  }

  /// Converts floats to bfloat16.
  func narrow(_ input: MapView, _ output: MapView, _ rows: Range<Int>) {
    let x = unsafe floats(input, row: rows.lowerBound)
    let y = unsafe halves(output, row: rows.lowerBound)
    unsafe forEachRun(input, x, output, y, rows) { count, x, y in
      unsafe network.kernels.f32_bf16_narrow(count, x, y)
    }
  }

  /// Converts bfloat16 to floats.
  func widen(_ input: MapView, _ output: MapView, _ rows: Range<Int>) {
    let x = unsafe halves(input, row: rows.lowerBound)
    let y = unsafe floats(output, row: rows.lowerBound)
    unsafe forEachRun(input, x, output, y, rows) { count, x, y in
      unsafe network.kernels.bf16_f32_widen(count, x, y)
    }
  }

  private func convolveBFloat16Depthwise(
    _ step: Step, _ rows: Range<Int>, _ window: Window, _ activation: Activation
  ) {
    let (input, output) = (step.inputs[0], step.output)
    let packed = unsafe packedHalves(step)
    var arguments = unsafe sd_bf16_depthwise_args()
    unsafe arguments.move(window, over: input, to: output, rows)
    unsafe arguments.channels = paddedChannels(input.shape.channels)
    unsafe arguments.x = UnsafePointer(halves(input))
    unsafe arguments.x_pixel_stride = input.placement.pixelStride
    unsafe arguments.packed = packed.weights
    unsafe arguments.bias = packed.bias
    unsafe arguments.y = halves(output)
    unsafe arguments.activation = activation.kernelValue
    unsafe network.kernels.bf16_depthwise(&arguments)
  }
}
