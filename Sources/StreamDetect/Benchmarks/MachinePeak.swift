internal import Layers

/// The most operations per second that the matrix kernel of a precision reaches on one core.
///
/// Measured on one pointwise convolution whose maps and weights stay in the first two cache levels;
/// the best of many runs, so that a busy machine does not lower it.
///
/// - Returns: Operations per second; a multiply-add counts as two.
/// - Throws: Whatever building the network throws.
func measuredPeak(in precision: Precision) throws -> Double {
  // 24 x 14 pixels are whole tiles for every kernel. The first layer makes the map that the second
  // reads.
  var builder = GraphBuilder(input: Shape(height: 24, width: 14, channels: 3))
  let map = builder.convolution(builder.input, "map", outputChannels: 128, activation: .relu)
  let product = builder.convolution(map, "peak", outputChannels: 128)
  builder.output([product], "output", columns: 128)
  let graph = builder.finish()
  let network = try Network.withRandomWeights(graph, precision, .signedUnit, seed: 1)
  let session = network.makeSession()
  session.fillWithNoise(.signedUnit)
  let operations = 2 * Double(graph.nodes[1].multiplyAdds)
  // Half a second is long enough to find a quiet moment.
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
