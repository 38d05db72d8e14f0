internal import CKernels

/// Packs the weights of a network's steps.
struct WeightPacking {
  let graph: Graph
  let numerics: Numerics
  let pixels: Normalization?
  let isa: InstructionSet
  let kernels: sd_kernels

  /// Packs the weights of every step at the offsets that `reservePackedWeights` assigned, `count`
  /// floats in all.
  func pack(
    _ program: Program, _ count: Int, _ weights: (String, [Int]) throws -> [Float]
  ) throws -> FloatBuffer {
    let buffer = try FloatBuffer(count: count)
    for step in program.steps {
      guard let packed = step.packed, let shape = graph.nodes[step.node].weightShape else {
        continue
      }
      let name = graph.nodes[step.node].name
      let exact = try weights("\(name).weight", shape)
      let bias = try weights("\(name).bias", [shape[0]])
      precondition(
        exact.count == shape.reduce(1, *) && bias.count == shape[0],
        "\(name): \(exact.count) weights and \(bias.count) biases for \(shape)")
      let rounding = numerics.rounding(name)
      let target = unsafe buffer.start + packed.weights
      if step.isInteger {
        unsafe packBytes(
          exact, bias, rounding, of: step, kernels,
          into: UnsafeMutableRawPointer(target))
        if let wide = step.wide, let rounding {
          unsafe packWide(wide, exact, bias, rounding, of: step, into: buffer.start + wide.packed)
        }
        continue
      }
      if let source = step.pixels, let pixels {
        unsafe packPixelConvolution(
          exact, bias, rounding, of: step, source, kernels, pixels, into: buffer.start)
      }
      let values = numerics.rounded(exact, name, shape: shape)
      for (channel, value) in bias.enumerated() {
        unsafe buffer.start[packed.bias + channel] = value
      }
      if step.isBFloat16 {
        unsafe step.packBFloat16(
          values, shape: shape, kernels, into: UnsafeMutableRawPointer(target))
        continue
      }
      switch step.kind {
      case .depthwise(let window, _):
        unsafe placeTaps(
          values, channels: shape[0], kernel: shape[3], reach: window.kernel,
          tapStride: paddedChannels(shape[0]), channelStride: 1, into: target)
      case .gathered(_, let groups, _, _):
        let rows = reordered(values, shape: shape, shape[3], pixelStride: shape[1])
        unsafe packGroups(rows, groups, shape[0] / groups, step.reductionLength, into: target)
      case .groupedPointwise(let groups, _):
        unsafe packGroups(values, groups, shape[0] / groups, step.reductionLength, into: target)
      case .strassen(_, let plan, _):
        let weights = StrassenWeights(values, outputs: shape[0], inputs: shape[1], plan)
        unsafe packStrassen(weights, plan, into: target)
      case .winograd(_, _, let plan, _):
        let matrices = winogradWeights(values, outputs: shape[0], inputs: shape[1])
        for (position, matrix) in matrices.enumerated() {
          unsafe kernels.f32_gemm_pack(
            shape[0], shape[1], matrix, target + position * plan.matrixCount)
        }
        let zeros = unsafe target + WinogradPlan.positions * plan.matrixCount
        unsafe zeros.update(repeating: 0, count: plan.columns)
      case .convolution(let window, _, _):
        let rows = reordered(values, shape: shape, window.kernel, pixelStride: step.pixelStride)
        unsafe kernels.f32_gemm_pack(shape[0], step.reductionLength, rows, target)
      default:
        unsafe kernels.f32_gemm_pack(shape[0], step.reductionLength, values, target)
      }
    }
    return buffer
  }

  private func packStrassen(
    _ weights: StrassenWeights, _ plan: StrassenPlan, into target: UnsafeMutablePointer<Float>
  ) {
    for (index, matrix) in weights.matrices.enumerated() {
      unsafe kernels.f32_gemm_pack(
        plan.columns, plan.inputs, matrix, target + index * plan.matrixCount)
    }
    unsafe (target + plan.zeros).update(repeating: 0, count: plan.columns)
    for (index, factor) in weights.inputScale.enumerated() {
      unsafe target[plan.inputScale + index] = factor
    }
    for (index, factor) in weights.outputScale.enumerated() {
      unsafe target[plan.outputScale + index] = factor
    }
  }

  /// Packs the rows of each group, `[columns][length]`, one group after the other.
  private func packGroups(
    _ rows: [Float], _ groups: Int, _ columns: Int, _ length: Int,
    into target: UnsafeMutablePointer<Float>
  ) {
    let size = kernels.f32_gemm_packed_size(columns, length)
    for group in 0..<groups {
      let block = Array(rows[(group * columns * length)..<((group + 1) * columns * length)])
      unsafe kernels.f32_gemm_pack(columns, length, block, target + group * size)
    }
  }
}

/// Assigns the packed weights of every step their offsets, and returns the total number of floats.
func reservePackedWeights(of program: inout Program, _ kernels: sd_kernels) -> Int {
  var count = 0
  func reserve(_ floats: Int) -> Int {
    defer { count += paddedChannels(floats) }
    return count
  }
  for index in program.steps.indices {
    let step = program.steps[index]
    let outputs = paddedChannels(step.output.shape.channels)
    if let wide = step.wide { program.steps[index].wide?.packed = reserve(wide.packedCount) }
    if step.isBFloat16 {
      if let size = step.packedBFloat16Size(kernels) {
        program.steps[index].packed = PackedWeights(weights: reserve(size), bias: reserve(outputs))
      }
      continue
    }
    if let source = step.pixels {
      let size = step.convolutionBytes(source.view, kernels)
      program.steps[index].pixels?.packed = reserve(floats(bytes: size))
      if let wide = source.wide {
        program.steps[index].pixels?.wide?.packed = reserve(wide.packedCount)
      }
    }
    switch step.kind {
    case .pointwise, .convolution:
      let size = kernels.f32_gemm_packed_size(
        step.output.shape.channels, step.reductionLength)
      program.steps[index].packed = PackedWeights(weights: reserve(size), bias: reserve(outputs))
    case .strassen(_, let plan, _):
      program.steps[index].packed = PackedWeights(
        weights: reserve(plan.packedCount), bias: reserve(outputs))
    case .winograd(_, _, let plan, _):
      program.steps[index].packed = PackedWeights(
        weights: reserve(plan.packedCount), bias: reserve(outputs))
    case .depthwise(let window, _):
      let size = window.kernel * window.kernel * outputs
      program.steps[index].packed = PackedWeights(weights: reserve(size), bias: reserve(outputs))
    case .gathered(_, let groups, _, _), .groupedPointwise(let groups, _):
      let size = kernels.f32_gemm_packed_size(
        step.output.shape.channels / groups, step.reductionLength)
      program.steps[index].packed = PackedWeights(
        weights: reserve(groups * size), bias: reserve(outputs))
    case .integerPointwise:
      let size = kernels.u8_gemm_packed_size(step.output.shape.channels, step.byteLength)
      program.steps[index].packed = PackedWeights(weights: reserve(floats(bytes: size)), bias: 0)
    case .integerDepthwise(let window, _):
      let size = kernels.u8_depthwise_packed_size(outputs, window.kernel)
      program.steps[index].packed = PackedWeights(weights: reserve(floats(bytes: size)), bias: 0)
    case .integerConvolution:
      let size = step.convolutionBytes(step.inputs[0], kernels)
      program.steps[index].packed = PackedWeights(weights: reserve(floats(bytes: size)), bias: 0)
    default: continue
    }
  }
  return count
}

private func floats(bytes: Int) -> Int {
  (bytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
}

/// Places weights `[channels][1][kernel][kernel]` as `reach * reach` taps; the gaps of a dilated
/// kernel are not touched.
func placeTaps(
  _ values: [Float], channels: Int, kernel: Int, reach: Int, tapStride: Int, channelStride: Int,
  into target: UnsafeMutablePointer<Float>
) {
  let taps = kernel * kernel
  let dilation = kernel > 1 ? (reach - 1) / (kernel - 1) : 1
  for channel in 0..<channels {
    for tap in 0..<taps {
      let place = (tap / kernel * reach + tap % kernel) * dilation
      unsafe target[place * tapStride + channel * channelStride] = values[channel * taps + tap]
    }
  }
}

/// Reorders `[out][in][kernel][kernel]` to `[out][kernel][kernel][pixel stride]`, with zeros for
/// the padding of each pixel.
func reordered(
  _ values: [Float], shape: [Int], _ kernel: Int, pixelStride: Int
) -> [Float] {
  let (outputs, inputs) = (shape[0], shape[1])
  var rows = [Float](repeating: 0, count: outputs * kernel * kernel * pixelStride)
  for output in 0..<outputs {
    for input in 0..<inputs {
      for tap in 0..<(kernel * kernel) {
        rows[(output * kernel * kernel + tap) * pixelStride + input] =
          values[(output * inputs + input) * kernel * kernel + tap]
      }
    }
  }
  return rows
}

extension Step {
  /// Elements between the pixels that a full convolution reads.
  var pixelStride: Int {
    if case .convolution(_, _, let border?) = kind { return border.placement.pixelStride }
    return inputs[0].placement.pixelStride
  }

  /// Number of products that are summed for each element of the output.
  var reductionLength: Int {
    if case .convolution(let window, _, _) = kind {
      return window.kernel * window.kernel * pixelStride
    }
    if case .gathered(_, _, _, let rows) = kind { return rows.placement.pixelStride }
    if case .groupedPointwise(let groups, _) = kind { return inputs[0].shape.channels / groups }
    return inputs[0].shape.channels
  }
}
