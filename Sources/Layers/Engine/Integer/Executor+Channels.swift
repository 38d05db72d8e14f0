internal import CKernels

/// Squeeze and excitation in bytes (Hu et al. 2018, arXiv:1709.01507): the mean of each channel
/// and, two layers later, a factor for each channel.
extension Executor {
  /// Computes the mean of each channel.
  func averageBytes(_ input: MapView, into output: MapView) {
    guard let from = input.element.quantizer, let to = output.element.quantizer else {
      preconditionFailure("channel means need maps of bytes")
    }
    let ratio = from.scale / to.scale
    var bias = to.zeroPoint - from.zeroPoint * ratio
    // Networks that were trained in 8 bits keep the steps of a map for its means, which are then
    // fractions of the number of pixels, and round halves up. A quarter of such a fraction more
    // does that, and nothing else.
    if from == to { bias += 0.25 / Float(input.shape.pixels) }
    var arguments = unsafe sd_u8_global_average_args(
      pixels: input.shape.pixels, channels: paddedChannels(input.shape.channels),
      x: UnsafePointer(bytes(input)), x_pixel_stride: input.placement.pixelStride,
      scale: ratio / Float(input.shape.pixels), bias: bias,
      y: bytes(output))
    unsafe network.kernels.u8_global_average(&arguments)
  }

  /// Multiplies rows `rows` of a map by one factor per channel.
  func scaleBytes(
    _ input: MapView, by factors: MapView, into output: MapView, _ rows: Range<Int>
  ) {
    guard let from = input.element.quantizer, let to = output.element.quantizer,
      let factor = factors.element.quantizer
    else { preconditionFailure("channel factors need maps of bytes") }
    var arguments = unsafe sd_u8_channel_scale_args(
      pixels: rows.count * output.shape.width, channels: paddedChannels(input.shape.channels),
      x: UnsafePointer(bytes(input, row: rows.lowerBound)),
      x_pixel_stride: input.placement.pixelStride, factors: UnsafePointer(bytes(factors)),
      zero: from.zeroPoint, factor_zero: factor.zeroPoint, out_zero: to.zeroPoint,
      scale: from.scale * factor.scale / to.scale, y: bytes(output, row: rows.lowerBound),
      y_pixel_stride: output.placement.pixelStride)
    unsafe network.kernels.u8_channel_scale(&arguments)
  }
}
