internal import CKernels

extension Session {
  /// Runs one step of the program.
  func execute(_ step: Step) {
    let input = step.inputs[0]
    let output = step.output
    let x = unsafe arena.start + input.placement.offset
    let y = unsafe arena.start + output.placement.offset
    let kernels = network.kernels
    switch step.kind {
    case .pointwise(let activation):
      multiply(step, activation)
    case .convolution(let window, let activation, let border):
      convolve(step, window, activation, border)
    case .depthwise(let window, let activation):
      convolveDepthwise(step, window, activation)
    case .maxPool(let window):
      var arguments = unsafe poolArguments(step, window)
      unsafe kernels.f32_max_pool(&arguments)
    case .averagePool(let window):
      var arguments = unsafe poolArguments(step, window)
      unsafe kernels.f32_average_pool(&arguments)
    case .globalAverage:
      unsafe kernels.f32_global_average(
        input.shape.pixels, min(input.placement.lanes, output.placement.lanes), x,
        input.placement.pixelStride, y)
    case .scale:
      let factors = step.inputs[1]
      if unsafe x != y { copyPixels(input, output) }
      unsafe kernels.f32_channel_scale(
        output.shape.pixels, min(output.placement.lanes, factors.placement.lanes), y,
        arena.start + factors.placement.offset, y, output.placement.pixelStride)
    case .activation(let activation):
      forEachRun(input, output) { count, from, to in
        unsafe kernels.f32_activate(
          count, arena.start + from, arena.start + to, activation.kernelValue)
      }
    case .fakeQuantize(let quantizer):
      forEachRun(input, output) { count, from, to in
        for index in 0..<count {
          unsafe arena.start[to + index] = quantizer(arena.start[from + index])
        }
      }
    case .add:
      add(input, step.inputs[1], into: output)
    case .copy:
      copyPixels(input, output)
    case .gathered(let window, let groups, let activation, let rows):
      convolveGathered(step, window, groups, activation, rows)
    case .multiply:
      multiply(input, step.inputs[1], into: output)
    case .function(let function):
      apply(function, to: input, into: output)
    case .resize(let rows, let columns):
      resize(input, rows, columns, into: output)
    case .pad(let border):
      pad(input, border, into: output)
    case .integerPointwise(let activation):
      multiplyBytes(step, activation)
    case .integerDepthwise(let window, let activation):
      convolveBytesDepthwise(step, window, activation)
    case .quantize:
      quantize(input, output)
    case .dequantize:
      dequantize(input, output)
    }
  }

  private func multiply(_ step: Step, _ activation: Activation) {
    let input = step.inputs[0]
    var arguments = unsafe matrixArguments(step, activation)
    unsafe arguments.m = input.shape.pixels
    unsafe arguments.segments = 1
    unsafe arguments.k = input.shape.channels
    unsafe arguments.a = UnsafePointer(arena.start + input.placement.offset)
    unsafe arguments.lda = input.placement.pixelStride
    unsafe network.kernels.f32_gemm(&arguments)
  }

  private func convolve(
    _ step: Step, _ window: Window, _ activation: Activation, _ border: MapView?
  ) {
    let input = step.inputs[0]
    let output = step.output
    if let border {
      fill(
        border, from: input, top: window.extent(over: input.shape.height).padBefore,
        left: window.extent(over: input.shape.width).padBefore)
    }
    let source = border ?? input
    var arguments = unsafe matrixArguments(step, activation)
    unsafe arguments.m = output.shape.width
    unsafe arguments.segments = window.kernel
    unsafe arguments.k = window.kernel * source.placement.pixelStride
    unsafe arguments.a = UnsafePointer(arena.start + source.placement.offset)
    unsafe arguments.lda = window.stride * source.placement.pixelStride
    unsafe arguments.segment_stride = source.rowStride
    if let row = step.row {
      unsafe arguments.c = arena.start + row.placement.offset
      unsafe arguments.ldc = row.placement.pixelStride
    }
    for line in 0..<output.shape.height {
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

  /// Arguments of a matrix product, all but the matrix itself.
  func matrixArguments(_ step: Step, _ activation: Activation) -> sd_f32_gemm_args {
    guard let packed = step.packed else { preconditionFailure("weights were not packed") }
    let weights = unsafe network.packed.start
    return unsafe sd_f32_gemm_args(
      m: 0, n: step.columns, segments: 1, k: 0, a: nil, lda: 0, segment_stride: 0,
      b: UnsafePointer(weights + packed.weights), bias: UnsafePointer(weights + packed.bias),
      residual: step.residual.map { unsafe UnsafePointer(arena.start + $0.placement.offset) },
      ldr: step.residual?.placement.pixelStride ?? 0,
      c: arena.start + step.output.placement.offset, ldc: step.output.placement.pixelStride,
      activation: activation.kernelValue)
  }

  /// Copies `input` into `border`, `top` rows and `left` columns in, with zeros around it.
  private func fill(_ border: MapView, from input: MapView, top: Int, left: Int) {
    let stride = border.placement.pixelStride
    let sourceStride = input.placement.pixelStride
    let columns = min(input.shape.width, border.shape.width - left)
    for row in 0..<border.shape.height {
      let line = unsafe arena.start + border.placement.offset + row * border.rowStride
      guard row >= top && row - top < input.shape.height else {
        unsafe line.update(repeating: 0, count: border.rowStride)
        continue
      }
      let source = unsafe arena.start + input.placement.offset + (row - top) * input.rowStride
      unsafe line.update(repeating: 0, count: left * stride)
      if stride == sourceStride {
        unsafe (line + left * stride).update(from: source, count: columns * stride)
      } else {
        for column in 0..<columns {
          unsafe (line + (left + column) * stride).update(
            from: source + column * sourceStride, count: min(stride, sourceStride))
        }
      }
      unsafe (line + (left + columns) * stride).update(
        repeating: 0, count: (border.shape.width - left - columns) * stride)
    }
  }

  private func convolveDepthwise(_ step: Step, _ window: Window, _ activation: Activation) {
    guard let packed = step.packed else { preconditionFailure("weights were not packed") }
    let input = step.inputs[0]
    let output = step.output
    let weights = unsafe network.packed.start
    var arguments = unsafe sd_f32_depthwise_args(
      channels: paddedChannels(input.shape.channels), kernel: window.kernel, stride: window.stride,
      in_height: input.shape.height, in_width: input.shape.width, out_width: output.shape.width,
      pad_top: window.extent(over: input.shape.height).padBefore,
      pad_left: window.extent(over: input.shape.width).padBefore,
      row_begin: 0, row_end: output.shape.height,
      x: UnsafePointer(arena.start + input.placement.offset),
      x_pixel_stride: input.placement.pixelStride, x_row_stride: input.rowStride,
      w: UnsafePointer(weights + packed.weights), bias: UnsafePointer(weights + packed.bias),
      y: arena.start + output.placement.offset,
      y_pixel_stride: output.placement.pixelStride, y_row_stride: output.rowStride,
      activation: activation.kernelValue)
    unsafe network.kernels.f32_depthwise(&arguments)
  }

  private func poolArguments(_ step: Step, _ window: Window) -> sd_f32_pool_args {
    let input = step.inputs[0]
    let output = step.output
    return unsafe sd_f32_pool_args(
      channels: min(input.placement.lanes, output.placement.lanes), kernel: window.kernel,
      stride: window.stride,
      in_height: input.shape.height, in_width: input.shape.width,
      out_height: output.shape.height, out_width: output.shape.width,
      pad_top: window.extent(over: input.shape.height).padBefore,
      pad_left: window.extent(over: input.shape.width).padBefore, count_padding: false,
      x: UnsafePointer(arena.start + input.placement.offset),
      x_pixel_stride: input.placement.pixelStride, x_row_stride: input.rowStride,
      y: arena.start + output.placement.offset,
      y_pixel_stride: output.placement.pixelStride, y_row_stride: output.rowStride)
  }

  private func add(_ a: MapView, _ b: MapView, into output: MapView) {
    let (p, q, r) = (a.placement, b.placement, output.placement)
    let lanes = min(p.lanes, q.lanes, r.lanes)
    let isDense = p.pixelStride == lanes && q.pixelStride == lanes && r.pixelStride == lanes
    for pixel in 0..<(isDense ? 1 : output.shape.pixels) {
      unsafe network.kernels.f32_add(
        isDense ? output.shape.pixels * lanes : lanes,
        arena.start + p.offset + pixel * p.pixelStride,
        arena.start + q.offset + pixel * q.pixelStride,
        arena.start + r.offset + pixel * r.pixelStride)
    }
  }

  private func copyPixels(_ input: MapView, _ output: MapView) {
    forEachRun(input, output) { count, from, to in
      unsafe (arena.start + to).update(from: arena.start + from, count: count)
    }
    if input.placement.lanes < output.placement.lanes { clearPadding(of: output) }
  }

  /// Calls `body` with the length and the first floats of each run that two maps of one shape have in
  /// common: all at once where their strides are equal and nothing lies between the pixels.
  func forEachRun(
    _ input: MapView, _ output: MapView, _ body: (_ count: Int, _ from: Int, _ to: Int) -> Void
  ) {
    let lanes = min(input.placement.lanes, output.placement.lanes)
    if input.placement.pixelStride == lanes && output.placement.pixelStride == lanes {
      body(input.shape.pixels * lanes, input.placement.offset, output.placement.offset)
      return
    }
    for pixel in 0..<input.shape.pixels {
      body(
        lanes, input.placement.offset + pixel * input.placement.pixelStride,
        output.placement.offset + pixel * output.placement.pixelStride)
    }
  }
}
