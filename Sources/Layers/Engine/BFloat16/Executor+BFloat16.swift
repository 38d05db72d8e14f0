internal import CKernels

extension Step {
  /// Whether it reads a map in bfloat16, or makes one of its input first.
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
  /// The first number of row `row` of a map in bfloat16.
  func halves(_ view: MapView, row: Int = 0) -> UnsafeMutablePointer<sd_bf16> {
    unsafe memory(view, row: row).assumingMemoryBound(to: sd_bf16.self)
  }

  /// The packed weights and the biases of a step in bfloat16.
  private func packedHalves(
    _ step: Step
  ) -> (weights: UnsafePointer<sd_bf16>, bias: UnsafePointer<Float>) {
    guard let packed = step.packed else { preconditionFailure("weights were not packed") }
    let start = unsafe network.packed.start
    let weights = unsafe UnsafeRawPointer(start + packed.weights)
    return unsafe (
      weights.assumingMemoryBound(to: sd_bf16.self), UnsafePointer(start + packed.bias)
    )
  }

  /// Computes the rows `rows` of the output of a step in bfloat16.
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
    default: preconditionFailure("no kernel in bfloat16 for this step")
    }
  }

  /// Arguments of a matrix product, all but the matrix itself, whose output starts at row `row`.
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
    let input = step.inputs[0]
    var firstRow = rows.lowerBound * window.stride
    if let border {
      fillBFloat16(
        border, from: input, window,
        firstRow..<(rows.upperBound - 1) * window.stride + window.kernel)
      firstRow = 0
    }
    let source = border ?? input
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

  /// Copies the rows of `input` under `window` into `border`, with zeros where those lie outside.
  ///
  /// `rows` are rows of the input with its border; the first of them becomes row 0.
  private func fillBFloat16(
    _ border: MapView, from input: MapView, _ window: Window, _ rows: Range<Int>
  ) {
    let top = window.extent(over: input.shape.height).padBefore
    let left = window.extent(over: input.shape.width).padBefore
    let stride = border.placement.pixelStride
    let columns = min(input.shape.width, border.shape.width - left)
    for row in rows {
      let line = unsafe halves(border, row: row - rows.lowerBound)
      guard row >= top && row - top < input.shape.height else {
        unsafe line.update(repeating: 0, count: border.rowStride)
        continue
      }
      unsafe line.update(repeating: 0, count: left * stride)
      unsafe copy(input, row: row - top, columns, to: line + left * stride, stride)
      unsafe (line + (left + columns) * stride).update(
        repeating: 0, count: (border.shape.width - left - columns) * stride)
    }
  }

  /// The first `columns` pixels of a row in bfloat16, `stride` apart.
  private func copy(
    _ input: MapView, row: Int, _ columns: Int, to target: UnsafeMutablePointer<sd_bf16>,
    _ stride: Int
  ) {
    let sourceStride = input.placement.pixelStride
    let isDense = stride == sourceStride
    let count = isDense ? columns * stride : min(stride, sourceStride)
    for column in 0..<(isDense ? 1 : columns) {
      if input.element == .bfloat16 {
        let source = unsafe halves(input, row: row) + column * sourceStride
        unsafe (target + column * stride).update(from: source, count: count)
      } else {
        let source = unsafe floats(input, row: row) + column * sourceStride
        unsafe network.kernels.f32_bf16_narrow(count, source, target + column * stride)
      }
    }
  }

  /// Floats to bfloat16.
  func narrow(_ input: MapView, _ output: MapView, _ rows: Range<Int>) {
    let x = unsafe floats(input, row: rows.lowerBound)
    let y = unsafe halves(output, row: rows.lowerBound)
    forEachRun(of: input, and: output, rows) { pixel, count in
      unsafe network.kernels.f32_bf16_narrow(
        count, x + pixel * input.placement.pixelStride, y + pixel * output.placement.pixelStride)
    }
  }

  /// bfloat16 to floats.
  func widen(_ input: MapView, _ output: MapView, _ rows: Range<Int>) {
    let x = unsafe halves(input, row: rows.lowerBound)
    let y = unsafe floats(output, row: rows.lowerBound)
    forEachRun(of: input, and: output, rows) { pixel, count in
      unsafe network.kernels.bf16_f32_widen(
        count, x + pixel * input.placement.pixelStride, y + pixel * output.placement.pixelStride)
    }
  }

  private func convolveBFloat16Depthwise(
    _ step: Step, _ rows: Range<Int>, _ window: Window, _ activation: Activation
  ) {
    let (input, output) = (step.inputs[0], step.output)
    let packed = unsafe packedHalves(step)
    var arguments = unsafe sd_bf16_depthwise_args()
    unsafe arguments.channels = paddedChannels(input.shape.channels)
    unsafe arguments.kernel = window.kernel
    unsafe arguments.stride = window.stride
    unsafe arguments.in_height = input.shape.height
    unsafe arguments.in_width = input.shape.width
    unsafe arguments.out_width = output.shape.width
    unsafe arguments.pad_top = window.extent(over: input.shape.height).padBefore
    unsafe arguments.pad_left = window.extent(over: input.shape.width).padBefore
    unsafe arguments.row_begin = rows.lowerBound
    unsafe arguments.row_end = rows.upperBound
    unsafe arguments.x = UnsafePointer(halves(input))
    unsafe arguments.x_pixel_stride = input.placement.pixelStride
    unsafe arguments.x_row_stride = input.rowStride
    unsafe arguments.packed = packed.weights
    unsafe arguments.bias = packed.bias
    unsafe arguments.y = halves(output)
    unsafe arguments.y_pixel_stride = output.placement.pixelStride
    unsafe arguments.y_row_stride = output.rowStride
    unsafe arguments.activation = activation.kernelValue
    unsafe network.kernels.bf16_depthwise(&arguments)
  }
}
