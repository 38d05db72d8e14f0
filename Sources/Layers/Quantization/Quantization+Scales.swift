extension Quantization {
  /// Largest magnitude of a signed byte.
  private static let largest: Float = 127

  /// The quantisation of a network whose layers state how they round what they read.
  ///
  /// A layer rounds its input to whole numbers of -127 to 127, `scale` of them in a unit, as ncnn does.
  /// The range of a feature map is what its readers together can tell apart; where an activation cuts a
  /// part of it off, it is what that leaves. The bytes of such a map have smaller steps than the signed
  /// ones, which leave half of their values unused. It is `nil` where the scales do not cover every map that
  /// is stored in bytes, or are no scales.
  ///
  /// - Parameters:
  ///   - graph: The network.
  ///   - inputScales: Steps in a unit, by the name of the layer that reads them.
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
  /// The nodes that read `value`, also behind those that only pass it on.
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
  /// What is done to each number at the end.
  var activation: Activation {
    switch self {
    case .convolution(_, let activation), .depthwise(_, let activation),
      .grouped(_, _, let activation), .activation(let activation):
      activation
    default: .none
    }
  }
}
