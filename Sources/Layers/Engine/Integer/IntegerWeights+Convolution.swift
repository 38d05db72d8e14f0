internal import CKernels

extension Step {
  /// The window and activation of a full convolution.
  var fullConvolution: (window: Window, activation: Activation)? {
    switch kind {
    case .convolution(let window, let activation, _): (window, activation)
    case .integerConvolution(let window, let activation): (window, activation)
    default: nil
    }
  }

  /// Bytes of the packed weights of a full convolution that reads `input`.
  func convolutionBytes(_ input: MapView, _ kernels: sd_kernels) -> Int {
    kernels.u8_convolution_packed_size(
      output.shape.channels, input.placement.pixelStride, fullConvolution?.window.kernel ?? 1)
  }
}

/// Packs a first layer's weights for 8-bit pixels, red first, with the normalisation folded in.
///
/// Zero padding becomes the pixel value `mean`, which normalises to zero.
func packPixelConvolution(
  _ weights: [Float], _ bias: [Float], _ rounding: WeightRounding?, of step: Step,
  _ source: PixelSource, _ kernels: sd_kernels, _ normalization: Normalization,
  into buffer: UnsafeMutablePointer<Float>
) {
  guard let (window, activation) = step.fullConvolution else { return }
  // The network's input channel for red, green and blue.
  let order = normalization.order == .rgb ? [0, 1, 2] : [2, 1, 0]
  let taps = window.kernel * window.kernel
  var scaled: [Float] = []
  scaled.reserveCapacity(weights.count)
  for start in stride(from: 0, to: weights.count, by: 3 * taps) {
    for channel in order {
      let first = start + channel * taps
      scaled += weights[first..<first + taps].map { $0 * normalization.scale[channel] }
    }
  }
  // Colours with different factors have no step in common.
  let factor = abs(normalization.scale[0])
  let isEven = normalization.scale.allSatisfy { abs($0) == factor }
  var scaledRounding = isEven ? rounding?.scaled(by: factor) : nil
  let epilogue = IntegerEpilogue(step, activation)
  if let wide = source.wide, let scaledRounding {
    unsafe wide.pack(
      scaled, bias: bias, inputs: 3, epilogue: epilogue, into: buffer + wide.packed,
      step: scaledRounding.step)
  } else {
    scaledRounding?.wide = []
  }
  unsafe packConvolution(
    IntegerWeights(scaled, bias: bias, scaledRounding, epilogue: epilogue),
    kernel: window.kernel, inputs: 3, order.map { normalization.mean[$0] }, kernels,
    into: UnsafeMutableRawPointer(buffer + source.packed))
}

/// Packs `layer`, whose bytes are `[out][inputs][kernel][kernel]`, for pixels with a channel for
/// each of `zeros`.
func packConvolution(
  _ layer: IntegerWeights, kernel: Int, inputs: Int, _ zeros: [Float], _ kernels: sd_kernels,
  into target: UnsafeMutableRawPointer
) {
  let (channels, taps) = (zeros.count, kernel * kernel)
  let run = (kernel * channels + 3) / 4 * 4
  var rows = [Int8](repeating: 0, count: layer.bias.count * kernel * run)
  for output in layer.bias.indices {
    for input in 0..<inputs {
      for tap in 0..<taps {
        let row = output * kernel + tap / kernel
        rows[row * run + tap % kernel * channels + input] =
          layer.bytes[(output * inputs + input) * taps + tap]
      }
    }
  }
  unsafe kernels.u8_convolution_pack(
    layer.bias.count, channels, kernel, rows, zeros, layer.scale, layer.bias, target)
}
