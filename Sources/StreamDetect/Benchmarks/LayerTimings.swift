package import Layers

/// The times of a network's runs and of its layers.
package struct LayerTimings: Sendable {
  /// An operator and its time on one core.
  package struct Layer: Sendable {
    /// The operator.
    package var node: Node
    /// Median in seconds.
    package var seconds: Double
    /// Floating-point operations; a multiply-add counts as two.
    package var operations: Double { 2 * Double(node.multiplyAdds) }
    /// Operations per second.
    package var operationsPerSecond: Double { operations / seconds }
    /// Number of values in all the maps that it reads or writes.
    package var mapNumbers: Int {
      node.inputs.reduce(node.output.shape.count) { $0 + $1.shape.count }
    }
  }

  /// The operators that are run on their own, in order; fused ones are part of another.
  package var layers: [Layer]
  /// Seconds that an imported graph's tensor operators take, after its feature maps; 0 without any.
  package var tensors: Double
  /// Seconds of whole runs, which are not timed layer by layer.
  package var whole: Samples
  /// Floating-point operations of a whole run.
  package var operations: Double

  /// Runs `session` on its input for `length`, after a warm-up; with `measuresLayers` for the same
  /// length again, layer by layer.
  package init(_ session: Session, length: RunLength, measuresLayers: Bool) {
    length.warmUp.forEachRun { session.run() }
    whole = Samples(length.times { session.run() })
    let graph = session.network.graph
    operations = 2 * Double(graph.multiplyAdds)
    (layers, tensors) = ([], 0)
    if measuresLayers { measureLayers(session, length) }
  }

  private mutating func measureLayers(_ session: Session, _ length: RunLength) {
    let nodes = session.network.graph.nodes
    var times = [[Double]](repeating: [], count: nodes.count)
    var rest: [Double] = []
    length.forEachRun {
      for (node, duration) in session.profile().enumerated() {
        times[node].append(duration / .seconds(1))
      }
      rest.append(session.profileTensors() / .seconds(1))
    }
    tensors = Samples(rest).median
    layers = zip(nodes, times).compactMap { node, times in
      let median = Samples(times).median
      return median > 0 ? Layer(node: node, seconds: median) : nil
    }
  }
}

extension Operation {
  /// Its name and window, such as `conv 3x3/2`.
  package var shortName: String {
    switch self {
    case .convolution(let window, _): "conv \(window.kernel)x\(window.kernel)/\(window.stride)"
    case .depthwise(let window, _): "depthwise \(window.kernel)x\(window.kernel)/\(window.stride)"
    case .add: "add"
    case .globalAveragePool: "global average"
    case .maxPool(let window): "max \(window.kernel)x\(window.kernel)/\(window.stride)"
    case .averagePool(let window): "average \(window.kernel)x\(window.kernel)/\(window.stride)"
    case .scale: "scale"
    case .concatenate: "concatenate"
    case .gather: "gather"
    case .activation: "activation"
    case .fakeQuantize: "rounding"
    case .grouped(let window, let groups, _):
      "conv \(window.kernel)x\(window.kernel)/\(window.stride) in \(groups)"
    case .multiply: "multiply"
    case .function: "function"
    case .resize: "resize"
    case .pad: "pad"
    case .normalize: "normalize"
    }
  }
}
