extension Graph {
  /// Indices of the nodes whose output an integer engine stores in 8 bits.
  ///
  /// These are the nodes that another node reads, except max pooling and concatenation, whose
  /// values are 8 bits wide already, convolutions that only an addition reads, and outputs of the
  /// network.
  public var quantizedNodes: [Int] {
    var readers: [Int: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for input in Set(node.inputs) { readers[input.index, default: []].append(index) }
    }
    let results = Set(outputs.flatMap { $0.values.map(\.index) })
    return nodes.indices.filter { index in
      let output = nodes[index].output.index
      guard !results.contains(output), let reading = readers[output] else { return false }
      switch nodes[index].operation {
      case .maxPool, .concatenate, .fakeQuantize: return false
      case .convolution:
        return !(reading.count == 1 && nodes[reading[0]].operation == .add)
      default: return true
      }
    }
  }

  /// The graph with every feature map that would be 8 bits wide rounded to 8 bits, in FP32.
  ///
  /// Gives the result of integer arithmetic with exact sums. It therefore shows what quantisation
  /// costs without integer kernels, and is the reference for those kernels.
  ///
  /// - Precondition: `quantization.fault(for:)` is `nil` for this graph.
  func simulatingInt8(_ quantization: Quantization) -> Graph {
    let quantizers = quantizers(quantization)
    return simulating { node in quantizers[node.output.index].map(Rounding.byte) }
  }

  /// The graph with the outputs of some nodes rounded, and optionally the input.
  func simulating(
    input rounding: Rounding? = nil, _ roundings: (Node) -> Rounding?
  ) -> Graph {
    var next = (nodes.map(\.output.index).max() ?? 0) + 1
    var replaced: [Int: Value] = [:]
    var graph = self
    graph.nodes = []
    func round(_ value: Value, of name: String, _ rounding: Rounding) {
      let output = Value(index: next, shape: value.shape)
      next += 1
      replaced[value.index] = output
      graph.nodes.append(
        Node(
          name: "\(name).quantize", operation: .fakeQuantize(rounding), inputs: [value],
          output: output))
    }
    if let rounding { round(input, of: "input", rounding) }
    for node in nodes {
      let inputs = node.inputs.map { replaced[$0.index] ?? $0 }
      graph.nodes.append(
        Node(name: node.name, operation: node.operation, inputs: inputs, output: node.output))
      if let rounding = roundings(node) { round(node.output, of: node.name, rounding) }
    }
    graph.taps = taps.mapValues { replaced[$0.index] ?? $0 }
    return graph
  }

  /// The quantiser of each value that is stored in bytes, by the value's index.
  func quantizers(_ quantization: Quantization) -> [Int: AffineQuantizer] {
    var quantizers: [Int: AffineQuantizer] = [:]
    for index in quantizedNodes + summands {
      let node = nodes[index]
      quantizers[node.output.index] = quantization.activations[node.name]?.quantizer
    }
    return quantizers
  }

  /// Indices of the convolutions that only an addition reads; their sums are rounded only if they
  /// have a range.
  public var summands: [Int] {
    var readers: [Int: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for input in Set(node.inputs) { readers[input.index, default: []].append(index) }
    }
    let results = Set(outputs.flatMap { $0.values.map(\.index) })
    return nodes.indices.filter { index in
      guard case .convolution = nodes[index].operation,
        !results.contains(nodes[index].output.index),
        let reading = readers[nodes[index].output.index], reading.count == 1
      else { return false }
      return nodes[reading[0]].operation == .add
    }
  }

  /// The graph with a tap for the output of each node of `quantizedNodes`, by the node's name.
  public func tappingQuantizedNodes() -> Graph {
    var graph = self
    graph.taps = Dictionary(
      quantizedNodes.map { (nodes[$0].name, nodes[$0].output) },
      uniquingKeysWith: { first, _ in first })
    return graph
  }
}

/// Weights rounded to 8 bits, symmetric, with a scale for each output channel.
///
/// `shape` is in PyTorch's order, the output channel first.
func fakeQuantized(
  _ weights: [Float], shape: [Int], _ rounding: WeightRounding? = nil
) -> [Float] {
  var rounded = weights
  let count = weights.count / max(shape[0], 1)
  for (index, start) in stride(from: 0, to: weights.count, by: max(count, 1)).enumerated() {
    let channel = start..<start + count
    let (step, most) = weightStep(weights[channel], rounding, channel: index)
    for index in channel {
      rounded[index] = roundedToEven(min(max(weights[index] / step, -most), most)) * step
    }
  }
  return rounded
}
