internal import StreamDetect

/// The time of every operator of a network on one core.
struct LayerTimings {
  struct Layer {
    var node: Node
    /// Median in seconds.
    var seconds: Double
    /// Floating point operations; a multiply-add counts as two.
    var operations: Double { 2 * Double(node.multiplyAdds) }
  }

  /// Operators that take time by themselves, in order.
  var layers: [Layer]
  /// Time of what an imported graph computes of its maps, in seconds; zero where it computes nothing.
  var tensors: Double
  /// Time of a whole run, not timed layer by layer.
  var whole: Samples
  /// Floating point operations of a whole run.
  var operations: Double

  /// Runs `session` on its input `runs` times in each way, after a warm-up.
  init(_ session: Session, runs: Int) {
    for _ in 0..<max(3, runs / 10) { session.run() }
    whole = Samples((0..<runs).map { _ in timed { session.run() } })
    let graph = session.network.graph
    var times = [[Double]](repeating: [], count: graph.nodes.count)
    var rest: [Double] = []
    for _ in 0..<runs {
      for (node, duration) in session.profile().enumerated() {
        times[node].append(duration / .seconds(1))
      }
      rest.append(session.profileTensors() / .seconds(1))
    }
    tensors = Samples(rest).median
    layers = zip(graph.nodes, times).compactMap { node, times in
      let median = Samples(times).median
      return median > 0 ? Layer(node: node, seconds: median) : nil
    }
    operations = 2 * Double(graph.multiplyAdds)
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
    case .fakeQuantize: "8-bit rounding"
    case .grouped(let window, let groups, _):
      "conv \(window.kernel)x\(window.kernel)/\(window.stride) in \(groups)"
    case .multiply: "multiply"
    case .function: "function"
    case .resize: "resize"
    case .pad: "pad"
    }
  }
}
