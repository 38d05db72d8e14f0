internal import CKernels

extension Executor {
  /// A full convolution of bytes, or of the input's pixels, to bytes or to floats: output rows `rows`.
  ///
  /// `input` is the map of bytes, or the pixels; `weights` is the first float of the weights that were packed
  /// for it.
  func convolveBytes(_ step: Step, _ rows: Range<Int>, _ input: MapView, weights: Int) {
    guard let (window, activation) = step.fullConvolution else { return }
    let output = step.output
    let epilogue = IntegerEpilogue(step, activation)
    var arguments = unsafe sd_u8_convolution_args()
    unsafe arguments.n = output.shape.channels
    unsafe arguments.channels = input.placement.pixelStride
    unsafe arguments.kernel = window.kernel
    unsafe arguments.stride = window.stride
    unsafe arguments.in_height = input.shape.height
    unsafe arguments.in_width = input.shape.width
    unsafe arguments.out_width = output.shape.width
    unsafe arguments.pad_top = window.extent(over: input.shape.height).padBefore
    unsafe arguments.pad_left = window.extent(over: input.shape.width).padBefore
    unsafe arguments.row_begin = rows.lowerBound
    unsafe arguments.row_end = rows.upperBound
    unsafe arguments.x = UnsafePointer(bytes(input))
    unsafe arguments.x_row_stride = input.rowStride
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
    unsafe arguments.y_pixel_stride = output.placement.pixelStride
    unsafe arguments.y_row_stride = output.rowStride
    unsafe network.kernels.u8_convolution(&arguments)
  }
}
