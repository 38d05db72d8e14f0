internal import CKernels

/// A layer's weights as signed bytes, and how its sums become the bytes or floats of its output.
struct IntegerWeights {
  /// `[out][in per group * kernel * kernel]`, -127 to 127.
  var bytes: [Int8]
  /// Factor on each channel's sum.
  var scale: [Float]
  /// Added to each channel.
  var bias: [Float]

  /// Rounds weights symmetrically, with a scale for each output channel; those of wide channels are
  /// cut off.
  ///
  /// Scale and bias are in steps of the output's bytes, and include its zero point and the
  /// correction for a residual's zero point, unless `epilogue` needs real numbers first.
  init(_ weights: [Float], bias: [Float], _ rounding: WeightRounding?, epilogue: IntegerEpilogue) {
    let count = weights.count / max(bias.count, 1)
    bytes = [Int8](repeating: 0, count: weights.count)
    scale = []
    self.bias = []
    for channel in bias.indices {
      let row = channel * count..<(channel + 1) * count
      let step = weightStep(weights[row], rounding, channel: channel).step
      unsafe bytes.withUnsafeMutableBufferPointer { bytes in
        unsafe weights.withUnsafeBufferPointer { weights in
          for index in row { unsafe bytes[index] = roundedWeight(weights[index] / step) }
        }
      }
      if rounding == nil {
        scale.append(step * epilogue.inputStep * epilogue.perStep)
        self.bias.append(bias[channel] * epilogue.perStep + epilogue.offset)
      } else {
        let parameters = epilogue.parameters(step: step, bias: bias[channel])
        scale.append(parameters.scale)
        self.bias.append(parameters.bias)
      }
    }
  }
}

/// The nearest integer from -127 to 127, ties to even.
private func roundedWeight(_ steps: Float) -> Int8 {
  // At 1.5 * 2^23 one unit in the last place is 1, so adding it rounds the number and leaves the
  // result in the low bits. Loading a model rounds millions of weights, and only this form
  // vectorises on every processor.
  let rounding: Float = 12_582_912
  return Int8(truncatingIfNeeded: (min(max(steps, -127), 127) + rounding).bitPattern)
}

/// How the sums of an 8-bit layer become its output.
struct IntegerEpilogue {
  /// The real size of a step of the input.
  var inputStep: Float
  /// The real size of a step of the output; 1 if the scaled sum stays a real number.
  var outputStep: Float = 1
  /// Output steps per unit of the scaled sum; 1 if the scaled sum stays a real number.
  var perStep: Float = 1
  /// Added to each channel's bias.
  var offset: Float = 0
  /// Output steps per real unit, for activations that are computed on real numbers.
  var step: Float = 1
  /// Zero point of the output, for such activations.
  var zero: Float = 0
  /// Smallest byte of the output.
  var low: UInt8 = 0
  /// Largest byte of the output.
  var high: UInt8 = 255
  /// Output steps per step of the residual.
  var residualScale: Float = 0

  /// The epilogue of a step whose first input is bytes.
  init(_ step: Step, _ activation: Activation) {
    inputStep = step.inputs[0].element.quantizer?.scale ?? 1
    guard let output = step.output.element.quantizer else { return }
    switch activation {
    case .none, .relu, .relu6:
      perStep = 1 / output.scale
      outputStep = output.scale
      offset = output.zeroPoint
      if activation != .none { low = UInt8(clamping: Int(output.zeroPoint)) }
      // The upper bound is rounded like any other value.
      if activation == .relu6 { high = output.byte(6) }
    case .hardSwish, .hardSigmoid:
      self.step = 1 / output.scale
      zero = output.zeroPoint
    }
    if let residual = step.residual?.element.quantizer {
      residualScale = residual.scale / output.scale
      offset -= residual.zeroPoint * residualScale
    }
  }
}

extension IntegerEpilogue {
  /// The factor on a channel's sum, and what is added to it, for weights with `step`.
  ///
  /// In networks that were trained in 8 bits a bias is a whole number that is added to the sum.
  /// Scaled together with it in the order that others use, fewer results that are close to the
  /// middle between two bytes fall to the other side.
  func parameters(step: Float, bias: Float) -> (scale: Float, bias: Float) {
    let scale = inputStep * step / outputStep
    let exact = Double(bias) / (Double(inputStep) * Double(step))
    let whole = exact.rounded()
    let sum = abs(exact - whole) <= abs(exact) * 0x1p-21 ? whole : exact
    return (scale, Float(sum * Double(scale) + Double(offset)))
  }
}

extension AffineQuantizer {
  /// The byte nearest to `value`.
  func byte(_ value: Float) -> UInt8 {
    let steps = min(max(value / scale, -zeroPoint), 255 - zeroPoint)
    return UInt8(clamping: Int(roundedToEven(steps) + zeroPoint))
  }
}

extension Step {
  /// Whether its weights are bytes.
  var isInteger: Bool {
    switch kind {
    case .integerPointwise, .integerDepthwise, .integerConvolution: true
    default: false
    }
  }

  /// Bytes of each pixel that a matrix product reads: its channels, rounded up to a multiple of
  /// four.
  var byteLength: Int { (inputs[0].shape.channels + 3) / 4 * 4 }
}

/// Packs the weights of an 8-bit step; `weights` are in PyTorch's order.
func packBytes(
  _ weights: [Float], _ bias: [Float], _ rounding: WeightRounding?, of step: Step,
  _ kernels: sd_kernels,
  into target: UnsafeMutableRawPointer
) {
  let zero = UInt8(clamping: Int(step.inputs[0].element.quantizer?.zeroPoint ?? 0))
  switch step.kind {
  case .integerPointwise(let activation):
    let layer = IntegerWeights(
      weights, bias: bias, rounding, epilogue: IntegerEpilogue(step, activation))
    let rows = padded(layer.bytes, rows: step.inputs[0].shape.channels, to: step.byteLength)
    unsafe kernels.u8_gemm_pack(
      bias.count, step.byteLength, rows, zero, layer.scale, layer.bias, target)
  case .integerDepthwise(let window, let activation):
    let layer = IntegerWeights(
      weights, bias: bias, rounding, epilogue: IntegerEpilogue(step, activation))
    let channels = paddedChannels(bias.count)
    let missing = channels - bias.count
    let taps = window.kernel * window.kernel
    unsafe kernels.u8_depthwise_pack(
      channels, window.kernel, layer.bytes + [Int8](repeating: 0, count: missing * taps), zero,
      layer.scale + [Float](repeating: 0, count: missing),
      layer.bias + [Float](repeating: 0, count: missing), target)
  case .integerConvolution(let window, let activation):
    let layer = IntegerWeights(
      weights, bias: bias, rounding, epilogue: IntegerEpilogue(step, activation))
    let zeros = [Float](
      repeating: Float(zero), count: paddedChannels(step.inputs[0].shape.channels))
    unsafe packConvolution(
      layer, kernel: window.kernel, inputs: step.inputs[0].shape.channels, zeros, kernels,
      into: target)
  default: break
  }
}

/// Packs the weights of the wide channels of an 8-bit step.
func packWide(
  _ wide: WideChannels, _ weights: [Float], _ bias: [Float], _ rounding: WeightRounding,
  of step: Step, into target: UnsafeMutablePointer<Float>
) {
  let activation: Activation
  var inputs = step.inputs[0].shape.channels
  switch step.kind {
  case .integerPointwise(let function): activation = function
  case .integerDepthwise(_, let function): (activation, inputs) = (function, 1)
  case .integerConvolution(_, let function): activation = function
  default: return
  }
  unsafe wide.pack(
    weights, bias: bias, inputs: inputs, epilogue: IntegerEpilogue(step, activation),
    into: target, step: rounding.step)
}

/// Pads rows of `count` bytes with zeros to `width` bytes.
private func padded(_ bytes: [Int8], rows count: Int, to width: Int) -> [Int8] {
  if count == width { return bytes }
  return stride(from: 0, to: bytes.count, by: count).flatMap {
    bytes[$0..<$0 + count] + [Int8](repeating: 0, count: width - count)
  }
}
