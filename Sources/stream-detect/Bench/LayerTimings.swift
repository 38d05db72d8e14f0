internal import Layers

/// The time of every operator of a network on one core.
struct LayerTimings {
  struct Layer {
    var node: Node
    /// Median in seconds.
    var seconds: Double
    /// Floating point operations; a multiply-add counts as two.
    var operations: Double { 2 * Double(node.multiplyAdds) }
    /// Numbers of all maps that it reads or writes.
    var mapNumbers: Int {
      node.inputs.reduce(node.output.shape.count) { $0 + $1.shape.count }
    }
  }

  /// Operators that take time by themselves, in order.
  var layers: [Layer]
  /// Time of what an imported graph computes of its maps, in seconds; zero where it computes nothing.
  var tensors: Double
  /// Time of a whole run, not timed layer by layer.
  var whole: Samples
  /// Floating point operations of a whole run.
  var operations: Double

  /// Runs `session` on its input that long, after a warm-up, and as long again layer by layer
  /// where `measuresLayers`.
  init(_ session: Session, length: RunLength, measuresLayers: Bool) {
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
  /// A word and the window for a table.
  var summary: String {
    switch self {
    case .convolution(let window, _): "conv \(window.kernel)x\(window.kernel)/\(window.stride)"
    case .depthwise(let window, _): "depthwise \(window.kernel)x\(window.kernel)/\(window.stride)"
    case .add: "add"
    case .globalAveragePool: "global average"
    case .maxPool(let window): "max \(window.kernel)x\(window.kernel)/\(window.stride)"
    case .averagePool(let window): "average \(window.kernel)x\(window.kernel)/\(window.stride)"
    case .scale: "scale"
    case .concatenate: "concatenate"
    case .activation: "activation"
    case .fakeQuantize: "rounding"
    case .grouped(let window, let groups, _):
      "conv \(window.kernel)x\(window.kernel)/\(window.stride) in \(groups)"
    case .multiply: "multiply"
    case .function: "function"
    case .resize: "resize"
    case .pad: "pad"
    }
  }
}
