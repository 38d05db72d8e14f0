internal import StreamDetect

/// The most floating point operations a second that the matrix kernel reaches on one core.
///
/// One pointwise convolution whose maps and weights stay in the first two cache levels, run again and
/// again; the best of many rounds, so that a busy machine does not lower it.
///
/// - Returns: FLOP/s; a multiply-add counts as two.
func measuredPeak() throws -> Double {
  // 12 x 14 pixels: whole tiles of every kernel. 128 x 64 weights are 32 KiB.
  var builder = GraphBuilder(input: Shape(height: 12, width: 14, channels: 128))
  let product = builder.convolution(builder.input, "peak", outputChannels: 64)
  builder.output([product], "output", columns: 64)
  let graph = builder.finish()
  var random = SeededGenerator(seed: 1)
  let network = try Network(graph: graph) { _, shape in randomWeights(shape, using: &random) }
  let session = network.makeSession()
  let operations = 2 * Double(graph.multiplyAdds)
  let once = timed { session.run() }
  // Rounds of about a millisecond outweigh the clock; half a second of them finds a quiet one.
  let repeats = max(1, Int(1e-3 / max(once, 1e-7)))
  var best = Double.infinity
  var spent = 0.0
  while spent < 0.5 {
    let round = timed { for _ in 0..<repeats { session.run() } }
    best = min(best, round / Double(repeats))
    spent += round
  }
  return operations / best
}
