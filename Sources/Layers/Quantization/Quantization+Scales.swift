extension Quantization {
  /// Largest magnitude of a signed byte.
  private static let largest: Float = 127

  /// The quantisation of a network whose layers state the scale of the input that they round.
  ///
  /// As in ncnn, a layer rounds its input to integers from -127 to 127, with `scale` of them per
  /// unit. The range of a feature map is the widest range of its readers, cut to the values that
  /// its activation can give. Unsigned bytes then have smaller steps than the signed ones, half of
  /// which are unused after an activation. `nil` if a map that is stored in bytes has no scale, or
  /// an invalid one.
  ///
  /// - Parameters:
  ///   - graph: The network.
  ///   - inputScales: Steps per unit, by the name of the layer that reads them.
  public init?(of graph: Graph, inputScales: [String: Float]) {
    self.init(activations: [:])
    for index in graph.quantizedNodes {
      let node = graph.nodes[index]
      let scales = graph.readers(of: node.output).compactMap { inputScales[$0.name] }
      guard let smallest = scales.min(), smallest > 0, (Self.largest / smallest).isFinite else {
        return nil
      }
      let limit = Self.largest / smallest
      activations[node.name] =
        switch node.operation.activation {
        case .none: ActivationRange(minimum: -limit, maximum: limit)
        case .relu: ActivationRange(minimum: 0, maximum: limit)
        case .relu6: ActivationRange(minimum: 0, maximum: min(limit, 6))
        case .hardSwish: ActivationRange(minimum: max(-limit, -0.375), maximum: limit)
        case .hardSigmoid: ActivationRange(minimum: 0, maximum: min(limit, 1))
        }
    }
  }
}

extension Graph {
  /// The nodes that read `value`, also through nodes that only pass it on.
  fileprivate func readers(of value: Value) -> [Node] {
    nodes.filter { $0.inputs.contains(value) }.flatMap { node in
      switch node.operation {
      case .maxPool, .concatenate: readers(of: node.output)
      default: [node]
      }
    }
  }
}

extension Operation {
  /// The activation that the operation ends with.
  var activation: Activation {
    switch self {
    case .convolution(_, let activation), .depthwise(_, let activation),
      .grouped(_, _, let activation), .activation(let activation):
      activation
    default: .none
    }
  }
}
