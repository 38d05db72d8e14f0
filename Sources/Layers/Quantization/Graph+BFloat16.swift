extension Graph {
  /// Indices of the values that an engine with bfloat16 kernels stores in bfloat16.
  ///
  /// These are the maps that a bfloat16 kernel writes or reads, except the input, the outputs, and
  /// the factors of `scale`, which its kernel reads in full precision.
  var bfloat16Values: Set<Int> {
    var values: Set<Int> = []
    var factors = Set(outputs.flatMap { $0.values.map(\.index) })
    var read: Set<Int> = []
    for node in nodes {
      let indices = node.inputs.map(\.index)
      read.formUnion(indices)
      if node.operation == .scale { factors.insert(indices[1]) }
      guard node.operation.hasBFloat16Kernel else { continue }
      values.formUnion(indices)
      values.insert(node.output.index)
    }
    values.remove(input.index)
    return values.intersection(read).subtracting(factors)
  }

  /// The graph in FP32, with the input and every feature map that would be stored in bfloat16
  /// rounded to it.
  ///
  /// A convolution whose only reader is an addition passes its sum on unrounded.
  func simulatingBFloat16() -> Graph {
    var readers: [Int: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for input in Set(node.inputs) { readers[input.index, default: []].append(index) }
    }
    let stored = bfloat16Values
    return simulating(input: .bfloat16) { node in
      guard stored.contains(node.output.index) else { return nil }
      let reading = readers[node.output.index] ?? []
      if case .convolution = node.operation, reading.count == 1, nodes[reading[0]].operation == .add
      {
        return nil
      }
      return .bfloat16
    }
  }
}

extension Operation {
  /// Whether there is a bfloat16 kernel for the operation.
  var hasBFloat16Kernel: Bool {
    switch self {
    case .convolution(let window, _): window.dilation == 1
    case .depthwise(let window, _):
      // Other windows have only the scalar kernel, which is slower than FP32.
      [3, 5].contains(window.filled.kernel) && window.stride <= 2
    case .globalAveragePool, .scale: true
    default: false
    }
  }
}
