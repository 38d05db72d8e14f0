import Layers
import TestSupport
import Testing

/// Networks in bfloat16, with kernels and simulated.
@Suite struct BFloat16Tests {
  @Test(
    "numbers are rounded to the nearest of 8 bits, ties to even, and NaN stays NaN"
  )
  func rounding() {
    let round = Rounding.bfloat16
    for exact: Float in [0, 1, -2.5, 255, 0x1p-126, 0x1.FEp127, .infinity] {
      #expect(round(exact) == exact)
    }
    #expect(round(257) == 256 && round(259) == 260 && round(-257) == -256)
    #expect(round(257.001) == 258 && round(.greatestFiniteMagnitude) == .infinity)
    #expect(round(.nan).isNaN)
  }

  /// A network with every case: a shortcut, squeeze-and-excitation, operators without a bfloat16
  /// kernel, and an output that is also read.
  private func network() -> Graph {
    var builder = GraphBuilder(input: Shape(height: 9, width: 8, channels: 3))
    let stem = builder.convolution(
      builder.input, "stem", outputChannels: 20, window: Window(kernel: 3, stride: 2),
      activation: .relu)
    let wide = builder.depthwise(stem, "depthwise", window: Window(kernel: 3), activation: .relu6)
    let mean = builder.globalAveragePool(wide, "mean")
    let gate = builder.convolution(mean, "gate", outputChannels: 20, activation: .relu6)
    let scaled = builder.scale(wide, by: gate, "scale")
    let narrow = builder.convolution(scaled, "project", outputChannels: 20)
    let sum = builder.add(stem, narrow, "add")
    let pooled = builder.maxPool(sum, "pool", window: Window(kernel: 2, padding: .even))
    let left = builder.convolution(pooled, "left", outputChannels: 16, activation: .relu)
    let right = builder.convolution(pooled, "right", outputChannels: 5)
    let both = builder.concatenate([left, right], "both")
    let odd = builder.convolution(both, "odd", outputChannels: 7, window: Window(kernel: 3))
    let last = builder.convolution(odd, "last", outputChannels: 4)
    builder.output([last], "output", columns: 2)
    let early = builder.convolution(pooled, "early", outputChannels: 5)
    builder.output([early], "early", columns: 5)
    _ = builder.activation(early, "reads a result", .relu)
    builder.tap(sum, "block")
    return builder.finish()
  }

  @Test(
    "kernels and simulation agree to the bit where sums are exact",
    arguments: InstructionSet.allCases.filter(\.isAvailable))
  func exactNetwork(isa: InstructionSet) throws {
    var random = SplitMix64(seed: 23)
    let graph = network()
    var weights: [String: [Float]] = [:]
    for node in graph.nodes {
      guard let shape = node.weightShape else { continue }
      // Integers whose sums have fewer than 24 bits, but more than the 8 that are kept.
      weights["\(node.name).weight"] = (0..<shape.reduce(1, *)).map { _ in
        Float(Int.random(in: -3...3, using: &random))
      }
      weights["\(node.name).bias"] = (0..<shape[0]).map { _ in
        Float(Int.random(in: -9...9, using: &random))
      }
    }
    // The mean of 4 x 4 pixels has 4 fractional bits.
    let image = (0..<graph.input.shape.count).map { _ in
      Float(Int.random(in: -128...127, using: &random))
    }
    let found = try run(graph, isa: isa, .bfloat16, image, weights).outputs
    let simulated = try Network(graph: graph, isa: isa, keepsTaps: true, numerics: .bfloat16) {
      name, _ in weights[name] ?? []
    }
    let expected = NaiveExecutor(graph: simulated.graph, weights: weights).run(image)
    let plain = NaiveExecutor(graph: graph, weights: weights).run(image)
    for (output, rows) in zip(simulated.graph.outputs, found) {
      #expect(rows == output.values.flatMap { expected[$0.index] ?? [] }, "\(output.name)")
    }
    let exact = graph.outputs.map { $0.values.flatMap { plain[$0.index] ?? [] } }
    #expect(found != exact, "nothing was rounded")
  }

  @Test(
    "a random network in bfloat16 gives FP32's results, up to its precision", arguments: 0..<60)
  func randomNetwork(seed: Int) throws {
    let test = RandomNetwork(seed: UInt64(seed) &* 104_729)
    func run(keepsTaps: Bool = false, _ numerics: Numerics) throws -> (
      isSimulated: Bool, outputs: [[Float]]
    ) {
      try LayersTests.run(
        test.graph, keepsTaps: keepsTaps, numerics, test.image, test.weights)
    }
    let exact = try run(.float32)
    let simulated = try run(keepsTaps: true, .bfloat16)
    let native = try run(.bfloat16)
    #expect(simulated.isSimulated && !exact.isSimulated)
    #expect(native.isSimulated == !InstructionSet.best.hasBFloat16Kernels)
    for (expected, found) in [(exact, simulated), (exact, native), (simulated, native)] {
      for (a, b) in zip(expected.outputs, found.outputs) {
        let size = max(a.map(\.magnitude).max() ?? 0, 0.1)
        let differences = zip(a, b).map { abs($0 - $1) }
        #expect((differences.max() ?? 0) <= 0.05 * size, "seed \(seed)")
        #expect(differences.reduce(0, +) / Float(differences.count) <= 0.012 * size, "seed \(seed)")
      }
    }
  }
}
