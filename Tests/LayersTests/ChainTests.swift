import TestSupport
import Testing

@testable import Layers

@Suite("Chains")
struct ChainTests {
  /// The number of steps in each chain of a depthwise convolution over a map that is large enough,
  /// followed by a pointwise one with `outputs` channels.
  private func lengths(outputs: Int) throws -> [Int] {
    var random = SplitMix64(seed: 3)
    var builder = GraphBuilder(input: Shape(height: 20, width: 20, channels: 256))
    let depthwise = builder.depthwise(
      builder.input, "depthwise", window: Window(kernel: 3), activation: .relu)
    let layer = builder.convolution(depthwise, "layer", outputChannels: outputs)
    builder.output([layer], "output", columns: 1)
    let graph = builder.finish()
    let weights = makeRandomWeights(graph, &random)
    let network = try Network(graph: graph) { name, _ in weights[name] ?? [] }
    return network.program.chains.map(\.steps.count)
  }

  @Test("bands don't read weights again that are larger than the map between two steps")
  func weights() throws {
    #expect(try lengths(outputs: 64).contains(2))
    #expect(try lengths(outputs: 400).contains(2))
    #expect(try !lengths(outputs: 401).contains(2))
    #expect(try !lengths(outputs: 1024).contains(2))
  }
}
