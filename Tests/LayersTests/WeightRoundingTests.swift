import Layers
import TestSupport
import Testing

/// 8-bit networks whose weights have steps of their own.
@Suite struct WeightRoundingTests {
  private func network() -> Graph {
    var builder = GraphBuilder(input: Shape(height: 9, width: 8, channels: 3))
    let stem = builder.convolution(
      builder.input, "stem", outputChannels: 20,
      window: Window(kernel: 3, stride: 2, padding: .same),
      activation: .relu)
    let depthwise = builder.depthwise(
      stem, "depthwise", window: Window(kernel: 3, padding: .same), activation: .relu)
    let narrow = builder.convolution(depthwise, "project", outputChannels: 20)
    let sum = builder.add(stem, narrow, "add")
    let full = builder.convolution(
      sum, "full", outputChannels: 18, window: Window(kernel: 3, padding: .same), activation: .relu)
    let head = builder.convolution(full, "head", outputChannels: 5)
    builder.output([head], "output", columns: 5)
    return builder.finish()
  }

  /// Halves of whole numbers: small ones, and up to 255 halves in a few channels.
  private func weights(
    _ graph: Graph, _ wide: [String: [Int]], _ random: inout SplitMix64
  ) -> [String: [Float]] {
    var weights: [String: [Float]] = [:]
    for node in graph.nodes {
      guard let shape = node.weightShape else { continue }
      let count = shape.dropFirst().reduce(1, *)
      weights["\(node.name).weight"] = (0..<shape[0]).flatMap { channel in
        (0..<count).map { index in
          let isWide = wide[node.name]?.contains(channel) == true && index < 2
          return
            (isWide
            ? Float(index == 0 ? 255 : -200)
            : .random(in: -9...9, using: &random)
              .rounded()) / 2
        }
      }
      weights["\(node.name).bias"] = (0..<shape[0]).map { _ in
        Float(Int.random(in: -99...99, using: &random))
      }
    }
    return weights
  }

  private static let wide = [
    "stem": [3, 17], "depthwise": [0, 19], "project": [5], "full": [1, 16], "head": [4],
  ]

  private var quantization: Quantization {
    // Steps are powers of two, so that scaled sums are exact.
    Quantization(
      activations: [
        "stem": ActivationRange(minimum: 0, maximum: 255 * 4),
        "depthwise": ActivationRange(minimum: 0, maximum: 255 * 32),
        "project": ActivationRange(minimum: -512 * 100, maximum: 512 * 155),
        "add": ActivationRange(minimum: -512 * 128, maximum: 512 * 127),
        "full": ActivationRange(minimum: 0, maximum: 255 * 2048),
      ],
      weights: Self.wide.mapValues { WeightRounding(steps: [0.5], wide: $0) })
  }

  @Test(
    "weights of up to 255 steps, and sums that are rounded before they are added, agree to the bit",
    arguments: InstructionSet.allCases.filter(\.isAvailable))
  func exact(isa: InstructionSet) throws {
    var random = SplitMix64(seed: 29)
    let graph = network()
    #expect(quantization.fault(for: graph) == nil)
    let weights = weights(graph, Self.wide, &random)
    let pixels = (0..<graph.input.shape.count).map { _ in UInt8.random(in: 0...255, using: &random)
    }
    let normalization = Normalization(mean: [128, 128, 128], scale: [0.25, 0.25, 0.25])
    let image = pixels.map { (Float($0) - 128) / 4 }
    let simulated = try Network(
      graph: graph, isa: isa, keepsTaps: true, numerics: .integer(quantization)
    ) { name, _ in weights[name] ?? [] }
    let values = NaiveExecutor(graph: simulated.graph, weights: weights).run(image)
    let expected = graph.outputs[0].values.flatMap { values[$0.index] ?? [] }
    let network = try Network(
      graph: graph, isa: isa, numerics: .integer(quantization), pixels: normalization
    ) { name, _ in weights[name] ?? [] }
    let session = network.makeSession()
    session.withInput { input in for index in input.indices { input[index] = image[index] } }
    session.run()
    #expect(session.output("output") == expected)
    session.setInput(rgb: pixels.span, normalization)
    session.run()
    #expect(session.output("output") == expected)
    // Packed weights include those of wide channels.
    let again = try Network(
      graph: graph, isa: isa, numerics: .integer(quantization), pixels: normalization
    ) { name, _ in weights[name] ?? [] }
    #expect(again.packedWeights() == network.packedWeights())
    var narrower = quantization
    narrower.weights?["full"]?.wide = []
    let other = try Network(
      graph: graph, isa: isa, numerics: .integer(narrower), pixels: normalization
    ) { name, _ in weights[name] ?? [] }
    #expect(other.packedLayout != network.packedLayout || other.isSimulated)
  }

  @Test("weights keep the model's steps, and channels beyond 127 of them get larger ones")
  func steps() throws {
    var builder = GraphBuilder(input: Shape(height: 1, width: 1, channels: 2))
    let output = builder.convolution(builder.input, "layer", outputChannels: 3)
    builder.output([output], "output", columns: 3)
    let quantization = Quantization(
      activations: [:], weights: ["layer": WeightRounding(steps: [0.5, 1, 0.25])])
    let network = try Network(graph: builder.finish(), numerics: .integer(quantization)) {
      name, _ in
      name == "layer.weight" ? [10, -0.75, 254, 3.2, 0.1, 5] : [0, 0, 0]
    }
    let session = network.makeSession()
    session.withInput { span in
      span[0] = 0
      span[1] = 1
    }
    session.run()
    // A tie, steps of 254 / 127, and whole steps.
    #expect(session.output("output") == [-1, 4, 5])
  }

  @Test("steps and wide channels that don't fit the layer are faults that name it")
  func faults() {
    let graph = network()
    for (name, rounding) in [
      ("full", WeightRounding(steps: [])), ("full", WeightRounding(steps: [1, 1])),
      ("full", WeightRounding(steps: [0])), ("stem", WeightRounding(steps: [-.infinity])),
      ("head", WeightRounding(steps: [1], wide: [5])),
      ("head", WeightRounding(steps: [1], wide: [1, 1])),
      ("head", WeightRounding(steps: [1], wide: [-1])),
      ("add", WeightRounding(steps: [1])), ("elsewhere", WeightRounding(steps: [1])),
    ] {
      var wrong = quantization
      wrong.weights?[name] = rounding
      #expect(wrong.fault(for: graph)?.contains(name) == true, "\(name)")
    }
    var unrounded = quantization
    unrounded.activations["project"] = nil
    #expect(unrounded.fault(for: graph)?.contains("project") == true)
  }
}
