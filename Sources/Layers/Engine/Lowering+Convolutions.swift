internal import CKernels

extension Lowering {
  mutating func emitConvolution(_ index: Int, _ window: Window, _ activation: Activation) {
    guard window.dilation == 1 else { return emitGathered(index, window, 1, activation) }
    let node = graph.nodes[index]
    let input = pointwiseInput(floats(node.inputs[0], index), index, window)
    let isPointwise = window.kernel == 1 && node.output.shape.pixels == input.shape.pixels
    if !isPointwise, fusedAdds[index] == nil, element(of: node.output).quantizer != nil {
      // Row by row, so the float map never leaves the first-level cache.
      let output = place(node.output)
      let shape = Shape(
        height: 1, width: output.shape.width, channels: output.placement.pixelStride)
      steps.append(
        Step(
          kind: .convolution(window, activation, border: border(input, window, output.shape)),
          node: index, inputs: [input], output: output, row: newMap(shape),
          pixels: pixelSource(index, window)))
      return
    }
    let (output, residual, value) = placeSum(index)
    let kind: StepKind
    if isPointwise, let plan = strassenPlan(input, output) {
      let scratch = Shape(height: 1, width: 1, channels: plan.scratchCount)
      kind = .strassen(activation, plan, scratch: newMap(scratch))
    } else if isPointwise {
      kind = .pointwise(activation)
    } else if let plan = winogradPlan(input, window, output) {
      let scratch = Shape(height: 1, width: 1, channels: plan.scratchCount)
      kind = .winograd(window, activation, plan, scratch: newMap(scratch))
    } else {
      kind = .convolution(window, activation, border: border(input, window, output.shape))
    }
    append(
      Step(kind: kind, node: index, inputs: [input], output: output, residual: residual),
      computing: value)
  }

  /// The pixels that a 1x1 convolution with a stride reads, copied side by side, and the input of
  /// any other convolution.
  ///
  /// One product over all pixels then reads the weights once, not once for each row. Copying takes
  /// longer than that saves if there are fewer than 128 outputs.
  private mutating func pointwiseInput(
    _ input: MapView, _ index: Int, _ window: Window
  ) -> MapView {
    let output = graph.nodes[index].output.shape
    guard window.kernel == 1, window.stride > 1, output.channels >= 128,
      output.pixels < input.shape.pixels,
      window.extent(over: input.shape.height).padBefore == 0,
      window.extent(over: input.shape.width).padBefore == 0
    else { return input }
    let pixels = newMap(
      Shape(height: output.height, width: output.width, channels: input.shape.channels))
    // The maximum of one pixel is the pixel itself.
    steps.append(Step(kind: .maxPool(window), node: index, inputs: [input], output: pixels))
    return pixels
  }

  /// How a convolution is computed by tiles, if that saves time and the kernels can read its input.
  private func winogradPlan(
    _ input: MapView, _ window: Window, _ output: MapView
  ) -> WinogradPlan? {
    let (inputs, outputs) = (input.shape.channels, output.shape.channels)
    guard shortcuts != .none, WinogradPlan.pays(window, inputs: inputs, output.shape),
      input.placement.lanes >= paddedChannels(inputs)
    else { return nil }
    return WinogradPlan(
      inputs: paddedChannels(inputs), columns: paddedChannels(outputs),
      matrixCount: paddedChannels(kernels.f32_gemm_packed_size(outputs, inputs)))
  }

  /// How a pointwise convolution is computed by Strassen's product, if that saves time.
  private func strassenPlan(_ input: MapView, _ output: MapView) -> StrassenPlan? {
    let (inputs, outputs) = (input.shape.channels, output.shape.channels)
    let pixels = output.shape.pixels
    let isWanted =
      switch shortcuts {
      case .none: false
      case .whereFaster: StrassenPlan.pays(inputs: inputs, outputs: outputs, pixels: pixels)
      case .wherePossible: StrassenPlan.isPossible(inputs: inputs, outputs: outputs)
      }
    guard isWanted else { return nil }
    return StrassenPlan(
      inputs: inputs, outputs: outputs, pixels: pixels, matrixCount: kernels.f32_gemm_packed_size)
  }

  /// The input as pixels, if this is a first layer that can read them and no other node reads the
  /// input.
  private mutating func pixelSource(_ index: Int, _ window: Window) -> PixelSource? {
    let node = graph.nodes[index]
    let shape = graph.input.shape
    guard let pixelNormalization, pixelNormalization.mean.count == 3,
      pixelNormalization.scale.count == 3, node.inputs[0] == graph.input, shape.channels == 3,
      consumers[graph.input.index] == [index], !keptValues.contains(graph.input.index),
      hasIntegerConvolution(window, channels: shape.channels),
      node.output.shape.channels <= SD_U8_CONVOLUTION_MAX_COLUMNS
    else { return nil }
    let floats = (shape.count + Element.float32.size - 1) / Element.float32.size
    let view = MapView(
      shape: shape,
      placement: Placement(
        storage: newStorage(floats), offset: 0, pixelStride: shape.channels,
        lanes: shape.channels),
      element: .byte(AffineQuantizer(scale: 1, zeroPoint: 0)))
    pixels = view
    var source = PixelSource(view: view)
    // Zeros and steps of different colours have no byte in common.
    let (mean, factor) = (pixelNormalization.mean[0], abs(pixelNormalization.scale[0]))
    if mean == mean.rounded(), (0...255).contains(mean),
      pixelNormalization.mean.allSatisfy({ $0 == mean }),
      pixelNormalization.scale.allSatisfy({ abs($0) == factor })
    {
      source.wide = wide(node, zero: Int(mean))
    }
    return source
  }

  /// The wide channels of a node.
  private func wide(_ node: Node, zero: Int) -> WideChannels? {
    guard let channels = wideChannels[node.name], !channels.isEmpty, let shape = node.weightShape
    else { return nil }
    return WideChannels(channels: channels, length: shape[1...].reduce(1, *), zero: zero)
  }

  /// Whether the byte kernel for full convolutions supports the window over this many channels.
  private func hasIntegerConvolution(_ window: Window, channels: Int) -> Bool {
    window.dilation == 1
      && window.kernel * window.kernel * channels <= SD_U8_CONVOLUTION_MAX_WINDOW
  }

  /// Appends an 8-bit step for the node; returns whether there is a kernel for its inputs and
  /// output.
  mutating func emitInteger(_ index: Int) -> Bool {
    let node = graph.nodes[index]
    let value = fusedAdds[index].map { graph.nodes[$0.addition].output } ?? node.output
    guard element(of: node.inputs[0]).quantizer != nil else { return false }
    var residual: MapView?
    let kind: StepKind
    switch node.operation {
    case .convolution(let window, let activation):
      guard element(of: value).quantizer != nil || activation == .none else { return false }
      let isPointwise =
        window.kernel == 1 && node.output.shape.pixels == node.inputs[0].shape.pixels
      let channels = paddedChannels(node.inputs[0].shape.channels)
      guard isPointwise || hasIntegerConvolution(window, channels: channels) else { return false }
      if let other = fusedAdds[index]?.residual {
        guard activation == .none, element(of: other).quantizer != nil,
          element(of: value).quantizer != nil
        else { return false }
        residual = place(other)
      }
      kind = isPointwise ? .integerPointwise(activation) : .integerConvolution(window, activation)
    case .depthwise(let window, let activation):
      guard window.dilation == 1, element(of: value).quantizer != nil else { return false }
      kind = .integerDepthwise(window, activation)
    case .globalAveragePool:
      guard element(of: value).quantizer != nil else { return false }
      kind = .integerGlobalAverage
    case .scale:
      guard element(of: node.inputs[1]).quantizer != nil, element(of: value).quantizer != nil
      else { return false }
      kind = .integerScale
    case .add:
      guard !fusedAdditions.contains(index), element(of: node.inputs[1]).quantizer != nil,
        element(of: value).quantizer != nil
      else { return false }
      kind = .integerAdd
    default: return false
    }
    let inputs = node.inputs.map { place($0) }
    var step = Step(
      kind: kind, node: index, inputs: inputs, output: place(value), residual: residual)
    step.wide = wide(node, zero: Int(inputs[0].element.quantizer?.zeroPoint ?? 0))
    steps.append(step)
    return true
  }

  /// The output of a float convolution, the residual if an addition is fused into it, and the value
  /// that it computes.
  mutating func placeSum(
    _ index: Int
  ) -> (output: MapView, residual: MapView?, value: Value) {
    guard let (addition, other) = fusedAdds[index] else {
      let value = graph.nodes[index].output
      return (floatTarget(value), nil, value)
    }
    let residual = floats(other, index)
    let value = graph.nodes[addition].output
    // Never in place of the other summand: a chain that starts at that map still reads it while
    // this output is written.
    return (floatTarget(value), residual, value)
  }

  /// Appends a convolution whose windows are not contiguous in the input: dilated, or grouped.
  mutating func emitGathered(
    _ index: Int, _ window: Window, _ groups: Int, _ activation: Activation
  ) {
    let node = graph.nodes[index]
    let input = floats(node.inputs[0], index)
    let (output, residual, value) = placeSum(index)
    if window.kernel == 1, window.stride == 1, input.shape.pixels == output.shape.pixels {
      append(
        Step(
          kind: .groupedPointwise(groups: groups, activation), node: index, inputs: [input],
          output: output, residual: residual), computing: value)
      return
    }
    let rows = Shape(
      height: 1, width: output.shape.width,
      channels: window.kernel * window.kernel * input.shape.channels)
    let scratch = MapView(
      shape: rows,
      placement: Placement(
        storage: newStorage(rows.count), offset: 0, pixelStride: rows.channels / groups,
        lanes: rows.channels / groups))
    append(
      Step(
        kind: .gathered(window, groups: groups, activation, rows: scratch), node: index,
        inputs: [input], output: output, residual: residual), computing: value)
  }

  /// Scratch memory for the zero-padded input, or `nil` if the convolution can read the input
  /// itself: the windows stay inside it, its pixels are packed tightly and its elements have the
  /// right type.
  mutating func border(
    _ input: MapView, _ window: Window, _ output: Shape, _ element: Element = .float32
  ) -> MapView? {
    let height = (output.height - 1) * window.stride + window.kernel
    let width = (output.width - 1) * window.stride + window.kernel
    let isInside =
      window.extent(over: input.shape.height).padBefore == 0
      && window.extent(over: input.shape.width).padBefore == 0
      && height <= input.shape.height && width <= input.shape.width
    let stride = min(input.placement.pixelStride, paddedChannels(input.shape.channels))
    if isInside && stride == input.placement.pixelStride && element == input.element { return nil }
    // bfloat16 products read pairs, so they read one element past an odd run.
    let isOdd = element == .bfloat16 && !(window.kernel * stride).isMultiple(of: 2)
    let shape = Shape(
      height: height, width: isOdd ? width + 1 : width, channels: input.shape.channels)
    let bytes = shape.pixels * stride * element.size
    return MapView(
      shape: shape,
      placement: Placement(
        storage: newStorage((bytes + 3) / 4), offset: 0, pixelStride: stride, lanes: stride),
      element: element)
  }
}
