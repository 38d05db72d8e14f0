extension Graph {
  /// The graph with each activation that follows a convolution fused into it.
  ///
  /// The maps between the two are no longer computed, so taps of them are dropped.
  func fusingActivations() -> Graph {
    var readers: [Int: Int] = [:]
    for node in nodes {
      for input in node.inputs { readers[input.index, default: 0] += 1 }
    }
    for value in outputs.flatMap(\.values) { readers[value.index, default: 0] += 1 }
    var graph = self
    graph.nodes = []
    var lost: Set<Int> = []
    for node in nodes {
      // Every exporter puts the activation right after its convolution.
      if case .activation(let activation) = node.operation, let last = graph.nodes.last,
        last.output == node.inputs[0], readers[last.output.index] == 1,
        let operation = last.operation.followed(by: activation)
      {
        graph.nodes[graph.nodes.count - 1] = Node(
          name: last.name, operation: operation, inputs: last.inputs, output: node.output)
        lost.insert(last.output.index)
      } else {
        graph.nodes.append(node)
      }
    }
    graph.taps = taps.filter { !lost.contains($0.value.index) }
    return graph
  }
}

extension Operation {
  /// This operation with `activation`, or `nil` if it is not a convolution or has one already.
  fileprivate func followed(by activation: Activation) -> Operation? {
    switch self {
    case .convolution(let window, .none): .convolution(window, activation)
    case .depthwise(let window, .none): .depthwise(window, activation)
    case .grouped(let window, let groups, .none): .grouped(window, groups: groups, activation)
    default: nil
    }
  }
}
