internal import Layers

/// The most operations a second that the matrix kernel of a precision reaches on one core.
///
/// One pointwise convolution whose maps and weights stay in the first two cache levels, run again and
/// again; the best of many runs, so that a busy machine does not lower it.
///
/// - Returns: Operations a second; a multiply-add counts as two.
func measuredPeak(_ precision: Precision) throws -> Double {
  // 24 x 14 pixels: whole tiles of every kernel. The first layer makes the map that the second reads.
  var builder = GraphBuilder(input: Shape(height: 24, width: 14, channels: 3))
  let map = builder.convolution(builder.input, "map", outputChannels: 128, activation: .relu)
  let product = builder.convolution(map, "peak", outputChannels: 128)
  builder.output([product], "output", columns: 128)
  let graph = builder.finish()
  func weights() -> (String, [Int]) -> [Float] {
    var random = SeededGenerator(seed: 1)
    return { _, shape in randomWeights(shape, using: &random) }
  }
  let network = try Network(
    graph: graph, numerics: try calibrated(precision, graph, .signedUnit, weights: weights()),
    weights: weights())
  let session = network.makeSession()
  fillWithNoise(session, .signedUnit)
  let operations = 2 * Double(graph.nodes[1].multiplyAdds)
  // Half a second finds a quiet moment.
  var best = Double.infinity
  let clock = ContinuousClock()
  let end = clock.now + .milliseconds(500)
  while clock.now < end {
    for (node, duration) in zip(network.graph.nodes, session.profile()) where node.name == "peak" {
      best = min(best, duration / .seconds(1))
    }
  }
  return operations / best
}
