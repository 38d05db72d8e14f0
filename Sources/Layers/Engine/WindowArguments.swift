internal import CKernels

/// The arguments that all kernels with a sliding window have in common.
protocol WindowArguments {
  var kernel: Int { get set }
  var stride: Int { get set }
  var in_height: Int { get set }
  var in_width: Int { get set }
  var out_width: Int { get set }
  var pad_top: Int { get set }
  var pad_left: Int { get set }
  var row_begin: Int { get set }
  var row_end: Int { get set }
  var x_row_stride: Int { get set }
  var y_pixel_stride: Int { get set }
  var y_row_stride: Int { get set }
}

extension sd_f32_depthwise_args: @unsafe WindowArguments {}
extension sd_f32_pool_args: @unsafe WindowArguments {}
extension sd_bf16_depthwise_args: @unsafe WindowArguments {}
extension sd_u8_depthwise_args: @unsafe WindowArguments {}
extension sd_u8_convolution_args: @unsafe WindowArguments {}

extension WindowArguments {
  /// Sets the arguments for the rows `rows` of `output`, with windows over `input`.
  mutating func move(_ window: Window, over input: MapView, to output: MapView, _ rows: Range<Int>)
  {
    kernel = window.kernel
    stride = window.stride
    in_height = input.shape.height
    in_width = input.shape.width
    out_width = output.shape.width
    pad_top = window.extent(over: input.shape.height).padBefore
    pad_left = window.extent(over: input.shape.width).padBefore
    row_begin = rows.lowerBound
    row_end = rows.upperBound
    x_row_stride = input.rowStride
    y_pixel_stride = output.placement.pixelStride
    y_row_stride = output.rowStride
  }
}
