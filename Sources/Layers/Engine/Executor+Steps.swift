internal import CKernels

extension Executor {
  /// Computes all rows of a step.
  func execute(_ step: Step) {
    execute(step, rows: 0..<step.output.shape.height)
  }

  /// Computes the rows `rows` of a step's output.
  ///
  /// - Precondition: `rows` are all rows, unless the step is separable.
  func execute(_ step: Step, rows: Range<Int>) {
    let input = step.inputs[0]
    let output = step.output
    let kernels = network.kernels
    if step.isBFloat16 { return executeBFloat16(step, rows: rows) }
    switch step.kind {
    case .pointwise(let activation):
      multiply(step, rows, activation)
    case .convolution(let window, let activation, let border):
      if let pixels = step.pixels, holdsPixels {
        convolveBytes(step, rows, pixels.view, weights: pixels.packed, pixels.wide)
      } else {
        convolve(step, rows, window, activation, border)
      }
    case .winograd(_, let activation, let plan, let scratch):
      convolveTiles(step, rows, activation, plan, scratch)
    case .strassen(let activation, let plan, let scratch):
      multiplyBlocks(step, rows, activation, plan, scratch)
    case .depthwise(let window, let activation):
      convolveDepthwise(step, rows, window, activation)
    case .maxPool(let window):
      var arguments = unsafe poolArguments(step, rows, window)
      unsafe kernels.f32_max_pool(&arguments)
    case .averagePool(let window):
      var arguments = unsafe poolArguments(step, rows, window)
      unsafe kernels.f32_average_pool(&arguments)
    case .globalAverage:
      unsafe kernels.f32_global_average(
        input.shape.pixels, min(input.placement.lanes, output.placement.lanes), floats(input),
        input.placement.pixelStride, floats(output))
    case .scale:
      let factors = step.inputs[1]
      let y = unsafe floats(output, row: rows.lowerBound)
      if unsafe floats(input, row: rows.lowerBound) != y { copyPixels(input, output, rows) }
      unsafe kernels.f32_channel_scale(
        rows.count * output.shape.width, min(output.placement.lanes, factors.placement.lanes), y,
        floats(factors), y, output.placement.pixelStride)
    case .activation(let activation):
      unsafe forEachRun(input, output, rows) { count, x, y in
        unsafe kernels.f32_activate(count, x, y, activation.kernelValue)
      }
    case .fakeQuantize(let rounding):
      unsafe forEachRun(input, output, rows) { count, x, y in
        for index in 0..<count { unsafe y[index] = rounding(x[index]) }
      }
    case .add:
      add(input, step.inputs[1], into: output, rows)
    case .copy:
      copyPixels(input, output, rows)
    case .gather(let runs):
      gather(runs, of: step.inputs, into: output, rows)
    case .groupedPointwise(let groups, let activation):
      multiplyGroups(step, rows, groups, activation)
    case .gathered(let window, let groups, let activation, let windows):
      convolveGathered(step, window, groups, activation, windows)
    case .multiply:
      multiply(input, step.inputs[1], into: output)
    case .function(let function):
      apply(function, to: input, into: output)
    case .resize(let rows, let columns):
      resize(input, rows, columns, into: output)
    case .pad(let border):
      pad(input, border, into: output)
    case .normalize:
      normalize(input, into: output, rows)
    case .integerPointwise(let activation):
      multiplyBytes(step, rows, activation)
    case .integerDepthwise(let window, let activation):
      convolveBytesDepthwise(step, rows, window, activation)
    case .integerConvolution:
      convolveBytes(step, rows, input, weights: step.packed?.weights ?? 0, step.wide)
    case .integerGlobalAverage:
      averageBytes(input, into: output)
    case .integerScale:
      scaleBytes(input, by: step.inputs[1], into: output, rows)
    case .integerAdd:
      addBytes(input, step.inputs[1], into: output, rows)
    case .quantize where output.element == .bfloat16:
      narrow(input, output, rows)
    case .quantize:
      quantize(input, output, rows)
    case .dequantize where input.element == .bfloat16:
      widen(input, output, rows)
    case .dequantize:
      dequantize(input, output, rows)
    }
  }

  private func multiply(_ step: Step, _ rows: Range<Int>, _ activation: Activation) {
    let input = step.inputs[0]
    var arguments = unsafe matrixArguments(step, row: rows.lowerBound, activation)
    unsafe arguments.m = rows.count * input.shape.width
    unsafe arguments.segments = 1
    unsafe arguments.k = input.shape.channels
    unsafe arguments.a = UnsafePointer(floats(input, row: rows.lowerBound))
    unsafe arguments.lda = input.placement.pixelStride
    unsafe network.kernels.f32_gemm(&arguments)
  }

  private func convolve(
    _ step: Step, _ rows: Range<Int>, _ window: Window, _ activation: Activation,
    _ border: MapView?
  ) {
    let output = step.output
    let (source, firstRow) = windowed(step.inputs[0], rows, window, border)
    var arguments = unsafe matrixArguments(step, row: rows.lowerBound, activation)
    unsafe arguments.m = output.shape.width
    unsafe arguments.segments = window.kernel
    unsafe arguments.k = window.kernel * source.placement.pixelStride
    unsafe arguments.a = UnsafePointer(floats(source, row: firstRow))
    unsafe arguments.lda = window.stride * source.placement.pixelStride
    unsafe arguments.segment_stride = source.rowStride
    if let row = step.row {
      unsafe arguments.c = floats(row)
      unsafe arguments.ldc = row.placement.pixelStride
    }
    for line in rows {
      unsafe network.kernels.f32_gemm(&arguments)
      unsafe arguments.a += window.stride * source.rowStride
      if let row = step.row {
        quantize(row, output, line: line)
      } else {
        unsafe arguments.c += output.rowStride
      }
      if let residual = step.residual { unsafe arguments.residual += residual.rowStride }
    }
  }

  /// Arguments of a matrix product whose output starts at row `row`; the caller sets the left-hand
  /// matrix.
  func matrixArguments(
    _ step: Step, row: Int = 0, _ activation: Activation
  ) -> sd_f32_gemm_args {
    guard let packed = step.packed else { preconditionFailure("weights were not packed") }
    let weights = unsafe network.packed.start
    return unsafe sd_f32_gemm_args(
      m: 0, n: step.output.shape.channels, columns: step.columns, segments: 1, k: 0, a: nil, lda: 0,
      segment_stride: 0,
      b: weights + packed.weights, bias: weights + packed.bias,
      residual: step.residual.map { unsafe UnsafePointer(floats($0, row: row)) },
      ldr: step.residual?.placement.pixelStride ?? 0,
      c: floats(step.output, row: row), ldc: step.output.placement.pixelStride,
      activation: activation.kernelValue)
  }

  private func convolveDepthwise(
    _ step: Step, _ rows: Range<Int>, _ window: Window, _ activation: Activation
  ) {
    guard let packed = step.packed else { preconditionFailure("weights were not packed") }
    let input = step.inputs[0]
    let output = step.output
    let weights = unsafe network.packed.start
    var arguments = unsafe sd_f32_depthwise_args()
    unsafe arguments.move(window, over: input, to: output, rows)
    unsafe arguments.channels = paddedChannels(input.shape.channels)
    unsafe arguments.x = UnsafePointer(floats(input))
    unsafe arguments.x_pixel_stride = input.placement.pixelStride
    unsafe arguments.w = weights + packed.weights
    unsafe arguments.bias = weights + packed.bias
    unsafe arguments.y = floats(output)
    unsafe arguments.activation = activation.kernelValue
    unsafe network.kernels.f32_depthwise(&arguments)
  }

  private func poolArguments(
    _ step: Step, _ rows: Range<Int>, _ window: Window
  ) -> sd_f32_pool_args {
    let input = step.inputs[0]
    let output = step.output
    var arguments = unsafe sd_f32_pool_args()
    unsafe arguments.move(window, over: input, to: output, rows)
    unsafe arguments.channels = min(input.placement.lanes, output.placement.lanes)
    unsafe arguments.x = UnsafePointer(floats(input))
    unsafe arguments.x_pixel_stride = input.placement.pixelStride
    unsafe arguments.y = floats(output)
    return unsafe arguments
  }

  private func add(_ a: MapView, _ b: MapView, into output: MapView, _ rows: Range<Int>) {
    let (p, q, r) = (a.placement, b.placement, output.placement)
    let lanes = min(p.lanes, q.lanes, r.lanes)
    let isDense = p.pixelStride == lanes && q.pixelStride == lanes && r.pixelStride == lanes
    let pixels = rows.count * output.shape.width
    var x = unsafe floats(a, row: rows.lowerBound)
    var z = unsafe floats(b, row: rows.lowerBound)
    var y = unsafe floats(output, row: rows.lowerBound)
    for _ in 0..<(isDense ? 1 : pixels) {
      unsafe network.kernels.f32_add(isDense ? pixels * lanes : lanes, x, z, y)
      unsafe x += p.pixelStride
      unsafe z += q.pixelStride
      unsafe y += r.pixelStride
    }
  }

  private func copyPixels(_ input: MapView, _ output: MapView, _ rows: Range<Int>) {
    unsafe forEachRun(input, output, rows) { count, x, y in unsafe y.update(from: x, count: count) }
    if input.placement.lanes < output.placement.lanes { clearPadding(of: output, rows) }
  }
}
