internal import CKernels

extension Executor {
  /// Computes output rows `rows` of a full convolution that reads bytes, or the input's pixels, and
  /// writes bytes or floats.
  ///
  /// `weights` is the offset, in floats, of the weights that were packed for `input`, and `wide`
  /// are its wide channels.
  func convolveBytes(
    _ step: Step, _ rows: Range<Int>, _ input: MapView, weights: Int, _ wide: WideChannels?
  ) {
    guard let (window, activation) = step.fullConvolution else { return }
    let output = step.output
    let epilogue = IntegerEpilogue(step, activation)
    var arguments = unsafe sd_u8_convolution_args()
    unsafe arguments.move(window, over: input, to: output, rows)
    unsafe arguments.n = output.shape.channels
    unsafe arguments.channels = input.placement.pixelStride
    unsafe arguments.x = UnsafePointer(bytes(input))
    unsafe arguments.packed = UnsafeRawPointer(network.packed.start + weights)
    unsafe arguments.activation = activation.hardKernelValue
    unsafe arguments.step = epilogue.step
    unsafe arguments.out_zero = epilogue.zero
    unsafe arguments.low = epilogue.low
    unsafe arguments.high = epilogue.high
    if let residual = step.residual {
      unsafe arguments.residual = UnsafePointer(bytes(residual))
      unsafe arguments.residual_pixel_stride = residual.placement.pixelStride
      unsafe arguments.residual_row_stride = residual.rowStride
      unsafe arguments.residual_scale = epilogue.residualScale
    }
    if output.element.quantizer == nil {
      unsafe arguments.y_f32 = floats(output)
    } else {
      unsafe arguments.y = bytes(output)
    }
    unsafe network.kernels.u8_convolution(&arguments)
    if let wide { computeWide(wide, of: step, rows, input) }
  }
}
