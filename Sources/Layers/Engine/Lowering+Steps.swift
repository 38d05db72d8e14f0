extension Lowering {
  mutating func emit(_ index: Int) {
    if emitInteger(index) || emitBFloat16(index) { return }
    let node = graph.nodes[index]
    switch node.operation {
    case .convolution(let window, let activation):
      emitConvolution(index, window, activation)
    case .depthwise(let window, let activation):
      append(index, .depthwise(window.filled, activation), [padded(node.inputs[0], index)])
    case .add:
      guard !fusedAdditions.contains(index) else { return }
      appendOver(index, .add)
    case .globalAveragePool:
      append(index, .globalAverage, [floats(node.inputs[0], index)])
    case .maxPool(let window):
      append(index, .maxPool(window), [floats(node.inputs[0], index)])
    case .averagePool(let window):
      append(index, .averagePool(window), [floats(node.inputs[0], index)])
    case .scale: appendOver(index, .scale)
    case .activation(let activation): appendOver(index, .activation(activation))
    case .fakeQuantize(let rounding): appendOver(index, .fakeQuantize(rounding))
    case .concatenate:
      emitConcatenation(index)
    case .gather(let order):
      append(
        index, .gather(ChannelRun.runs(order, inputs: node.inputs.map(\.shape.channels))),
        node.inputs.map { floats($0, index) })
    case .grouped(let window, let groups, let activation):
      emitGathered(index, window, groups, activation)
    case .multiply:
      append(index, .multiply, node.inputs.map { floats($0, index) })
    case .function(let function):
      append(index, .function(function), [floats(node.inputs[0], index)])
    case .resize(let resampling):
      let size = node.inputs[0].shape
      append(
        index,
        .resize(
          rows: resampling.taps(resampling.height, of: size.height, scale: resampling.rowScale),
          columns: resampling.taps(
            resampling.width, of: size.width, scale: resampling.columnScale)),
        [floats(node.inputs[0], index)])
    case .pad(let border):
      append(index, .pad(border), [floats(node.inputs[0], index)])
    case .normalize:
      append(index, .normalize, [floats(node.inputs[0], index)])
    }
  }

  mutating func append(_ index: Int, _ kind: StepKind, _ inputs: [MapView]) {
    let value = graph.nodes[index].output
    append(
      Step(kind: kind, node: index, inputs: inputs, output: floatTarget(value)), computing: value)
  }

  /// Appends a step that may overwrite its first input.
  mutating func appendOver(_ index: Int, _ kind: StepKind) {
    let node = graph.nodes[index]
    let inputs = node.inputs.map { floats($0, index) }
    let output = placeOver(node.inputs[0], node.output, at: index)
    append(
      Step(kind: kind, node: index, inputs: inputs, output: output), computing: node.output)
  }

  /// The map with its channels padded to whole vectors; copied if it is not padded yet.
  mutating func padded(_ value: Value, _ index: Int) -> MapView {
    let view = floats(value, index)
    guard view.placement.pixelStride < paddedChannels(value.shape.channels) else { return view }
    let copy = newMap(value.shape)
    steps.append(Step(kind: .copy, node: index, inputs: [view], output: copy))
    return copy
  }

  mutating func emitConcatenation(_ index: Int) {
    let node = graph.nodes[index]
    let output = floatTarget(node.output)
    defer { quantize(output, node.output, index) }
    var offset = 0
    for part in node.inputs {
      let view = floats(part, index)
      if !concatenated.contains(part.index) || view.placement.storage != output.placement.storage {
        var slice = output
        slice.placement.offset += offset
        slice.placement.lanes = part.shape.channels
        slice.shape.channels = part.shape.channels
        steps.append(Step(kind: .copy, node: index, inputs: [view], output: slice))
      }
      offset += part.shape.channels
    }
  }

  mutating func copyOutputs() {
    for (output, (_, storage)) in zip(graph.outputs, outputStorages) {
      var offset = 0
      for value in output.values {
        guard let node = producers[value.index] else { continue }
        let view = floats(value, node)
        if view.placement.storage != storage {
          let dense = MapView(
            shape: value.shape,
            placement: Placement(
              storage: storage, offset: offset, pixelStride: value.shape.channels,
              lanes: value.shape.channels))
          steps.append(Step(kind: .copy, node: node, inputs: [view], output: dense))
        }
        offset += value.shape.count
      }
    }
  }
}
