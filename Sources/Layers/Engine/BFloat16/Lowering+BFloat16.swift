extension Lowering {
  /// Appends a bfloat16 step for the node; returns whether there is a kernel for its inputs and
  /// output.
  mutating func emitBFloat16(_ index: Int) -> Bool {
    let node = graph.nodes[index]
    guard node.operation.hasBFloat16Kernel else { return false }
    switch node.operation {
    case .convolution(let window, let activation):
      return emitBFloat16Convolution(index, window, activation)
    case .depthwise(let window, let activation):
      return emitBFloat16(index, .depthwise(window.filled, activation))
    case .globalAveragePool:
      return emitBFloat16(index, .globalAverage)
    case .scale:
      guard element(of: node.inputs[1]) == .float32 else { return false }
      return emitBFloat16(index, .scale)
    default: return false
    }
  }

  /// Appends a step of `kind` if its first input and its output are both stored in bfloat16.
  private mutating func emitBFloat16(_ index: Int, _ kind: StepKind) -> Bool {
    let node = graph.nodes[index]
    guard element(of: node.inputs[0]) == .bfloat16, element(of: node.output) == .bfloat16 else {
      return false
    }
    let inputs = node.inputs.map { place($0) }
    steps.append(Step(kind: kind, node: index, inputs: inputs, output: place(node.output)))
    return true
  }

  /// Appends a convolution that reads bfloat16 or the network's input and writes bfloat16 or the
  /// floats of an output.
  private mutating func emitBFloat16Convolution(
    _ index: Int, _ window: Window, _ activation: Activation
  ) -> Bool {
    let node = graph.nodes[index]
    let value = fusedAdds[index].map { graph.nodes[$0.addition].output } ?? node.output
    let isPointwise =
      window.kernel == 1 && node.output.shape.pixels == node.inputs[0].shape.pixels
    let isFirst = node.inputs[0].index == graph.input.index && element(of: value) == .bfloat16
    guard element(of: node.inputs[0]) == .bfloat16 || (isFirst && !isPointwise) else {
      return false
    }
    var residual: MapView?
    if let other = fusedAdds[index]?.residual {
      guard element(of: other) == .bfloat16 else { return false }
      residual = place(other)
    }
    let input = place(node.inputs[0])
    let output = place(value)
    let kind: StepKind =
      isPointwise
      ? .pointwise(activation)
      : .convolution(window, activation, border: border(input, window, output.shape, .bfloat16))
    steps.append(
      Step(kind: kind, node: index, inputs: [input], output: output, residual: residual))
    return true
  }
}
