internal import CKernels

extension Executor {
  /// The packed weights of an 8-bit step.
  private func packedBytes(_ step: Step) -> UnsafeRawPointer {
    guard let packed = step.packed else { preconditionFailure("weights were not packed") }
    return unsafe UnsafeRawPointer(network.packed.start + packed.weights)
  }

  /// Multiplies bytes by the step's weights, to bytes or to the floats of an output.
  func multiplyBytes(_ step: Step, _ rows: Range<Int>, _ activation: Activation) {
    let first = rows.lowerBound
    let input = step.inputs[0]
    let epilogue = IntegerEpilogue(step, activation)
    var arguments = unsafe sd_u8_gemm_args()
    unsafe arguments.m = rows.count * input.shape.width
    unsafe arguments.n = step.output.shape.channels
    unsafe arguments.segments = 1
    unsafe arguments.k = step.byteLength
    unsafe arguments.a = UnsafePointer(bytes(input, row: first))
    unsafe arguments.lda = input.placement.pixelStride
    unsafe arguments.packed = packedBytes(step)
    unsafe arguments.activation = activation.hardKernelValue
    unsafe arguments.step = epilogue.step
    unsafe arguments.zero = epilogue.zero
    unsafe arguments.low = epilogue.low
    unsafe arguments.high = epilogue.high
    if let residual = step.residual {
      unsafe arguments.residual = UnsafePointer(bytes(residual, row: first))
      unsafe arguments.ldr = residual.placement.pixelStride
      unsafe arguments.residual_scale = epilogue.residualScale
    }
    if step.output.element == .float32 {
      unsafe arguments.c_f32 = floats(step.output, row: first)
      unsafe arguments.ldc_f32 = step.output.placement.pixelStride
    } else {
      unsafe arguments.c = bytes(step.output, row: first)
      unsafe arguments.ldc = step.output.placement.pixelStride
    }
    unsafe network.kernels.u8_gemm(&arguments)
    if let wide = step.wide { computeWide(wide, of: step, rows, input) }
  }

  /// Computes a depthwise convolution from bytes to bytes.
  func convolveBytesDepthwise(
    _ step: Step, _ rows: Range<Int>, _ window: Window, _ activation: Activation
  ) {
    let (input, output) = (step.inputs[0], step.output)
    let epilogue = IntegerEpilogue(step, activation)
    var arguments = unsafe sd_u8_depthwise_args()
    unsafe arguments.move(window, over: input, to: output, rows)
    unsafe arguments.channels = paddedChannels(input.shape.channels)
    unsafe arguments.x = UnsafePointer(bytes(input))
    unsafe arguments.x_pixel_stride = input.placement.pixelStride
    unsafe arguments.zero = UInt8(clamping: Int(input.element.quantizer?.zeroPoint ?? 0))
    unsafe arguments.packed = packedBytes(step)
    unsafe arguments.activation = activation.hardKernelValue
    unsafe arguments.step = epilogue.step
    unsafe arguments.out_zero = epilogue.zero
    unsafe arguments.low = epilogue.low
    unsafe arguments.high = epilogue.high
    unsafe arguments.y = bytes(output)
    unsafe network.kernels.u8_depthwise(&arguments)
    if let wide = step.wide { computeWide(wide, of: step, rows, input) }
  }

  /// Quantises one row of floats to row `line` of a map of bytes with pixels of the same size.
  func quantize(_ row: MapView, _ output: MapView, line: Int) {
    guard let quantizer = output.element.quantizer else {
      preconditionFailure("the output is not a map of bytes")
    }
    unsafe network.kernels.f32_u8_quantize(
      row.shape.count, floats(row), 1 / quantizer.scale, quantizer.zeroPoint,
      bytes(output, row: line))
  }

  /// Converts floats to bytes.
  func quantize(_ input: MapView, _ output: MapView, _ rows: Range<Int>) {
    guard let quantizer = output.element.quantizer else {
      preconditionFailure("the output is not a map of bytes")
    }
    let x = unsafe floats(input, row: rows.lowerBound)
    let y = unsafe bytes(output, row: rows.lowerBound)
    unsafe forEachRun(input, x, output, y, rows) { count, x, y in
      unsafe network.kernels.f32_u8_quantize(
        count, x, 1 / quantizer.scale, quantizer.zeroPoint, y)
    }
  }

  /// Converts bytes to floats.
  func dequantize(_ input: MapView, _ output: MapView, _ rows: Range<Int>) {
    guard let quantizer = input.element.quantizer else {
      preconditionFailure("the input is not a map of bytes")
    }
    let x = unsafe bytes(input, row: rows.lowerBound)
    let y = unsafe floats(output, row: rows.lowerBound)
    unsafe forEachRun(input, x, output, y, rows) { count, x, y in
      unsafe network.kernels.u8_f32_dequantize(
        count, x, quantizer.scale, quantizer.zeroPoint, y)
    }
  }
}

extension Activation {
  /// The activation for byte kernels.
  ///
  /// Their clamp to the output's range already acts as the rectifier.
  var hardKernelValue: sd_activation {
    switch self {
    case .none, .relu, .relu6: SD_ACTIVATION_NONE
    case .hardSwish, .hardSigmoid: kernelValue
    }
  }
}
