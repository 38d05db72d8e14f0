import Layers
import TestSupport
import Testing

/// Simulated 8-bit arithmetic.
@Suite struct QuantizationTests {
  @Test("zero is exact, values are rounded to the nearest step, and values outside are clamped")
  func quantizer() {
    let symmetric = ActivationRange(minimum: -1, maximum: 1.55).quantizer
    #expect(symmetric.zeroPoint == 100)
    #expect(symmetric(0) == 0)
    #expect(abs(symmetric(0.5049) - 0.5) < 1e-6)
    #expect(abs(symmetric(9) - 1.55) < 1e-6)
    #expect(abs(symmetric(-9) + 1) < 1e-6)
    // Ties go to the even step, counted from zero.
    let whole = ActivationRange(minimum: 0, maximum: 255).quantizer
    #expect(whole(2.5) == 2 && whole(3.5) == 4)
    // A range without zero is extended to it.
    #expect(ActivationRange(minimum: 51, maximum: 102).quantizer.scale == 0.4)
    #expect(ActivationRange(minimum: 0, maximum: 0).quantizer(3) == 3)
    // A step of zero would give an infinite zero point.
    let tiny = 7 * Float.leastNonzeroMagnitude
    #expect(ActivationRange(minimum: -tiny, maximum: tiny).quantizer.zeroPoint == 0)
    #expect(ActivationRange(minimum: -1e38, maximum: 1e38).quantizer.zeroPoint.isFinite)
  }

  @Test("rounding is idempotent, and no value inside the range moves by more than a step")
  func properties() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<200 {
      let range = ActivationRange(
        minimum: .random(in: -9...1, using: &random), maximum: .random(in: 1.1...9, using: &random))
      let quantizer = range.quantizer
      #expect(quantizer(0) == 0)
      let value = Float.random(in: min(range.minimum, 0)...range.maximum, using: &random)
      let rounded = quantizer(value)
      #expect(quantizer(rounded) == rounded)
      // Rounding the zero point can cost half a step at the ends.
      #expect(abs(rounded - value) <= quantizer.scale * 1.001)
    }
  }

  /// A network with every case: a shortcut, a concatenation, and an output that is also read.
  private func network() -> Graph {
    var builder = GraphBuilder(input: Shape(height: 7, width: 6, channels: 3))
    let stem = builder.convolution(
      builder.input, "stem", outputChannels: 20, window: Window(kernel: 3, stride: 2),
      activation: .relu)
    let wide = builder.depthwise(stem, "depthwise", window: Window(kernel: 3), activation: .relu6)
    let narrow = builder.convolution(wide, "project", outputChannels: 20)
    let sum = builder.add(stem, narrow, "add")
    let pooled = builder.maxPool(sum, "pool", window: Window(kernel: 2, padding: .even))
    let left = builder.convolution(pooled, "left", outputChannels: 16, activation: .relu)
    let right = builder.convolution(pooled, "right", outputChannels: 5)
    let both = builder.concatenate([left, right], "both")
    let last = builder.convolution(both, "last", outputChannels: 4)
    builder.output([last], "output", columns: 2)
    let early = builder.convolution(pooled, "early", outputChannels: 5)
    builder.output([early], "early", columns: 5)
    _ = builder.activation(early, "reads a result", .relu)
    builder.tap(sum, "block")
    return builder.finish()
  }

  @Test("outputs, summands and maps that are only passed on are not stored in bytes")
  func quantizedNodes() {
    let graph = network()
    let names = graph.quantizedNodes.map { graph.nodes[$0].name }
    #expect(names == ["stem", "depthwise", "add", "left", "right"])
    #expect(Set(graph.tappingQuantizedNodes().taps.keys) == Set(names))
  }

  /// Weights whose largest is 127 in each channel, so rounding does not change them.
  ///
  /// The others are small, so that all sums are integers that a `Float` represents exactly.
  private func wholeWeights(_ graph: Graph, _ random: inout SplitMix64) -> [String: [Float]] {
    var weights: [String: [Float]] = [:]
    for node in graph.nodes {
      guard let shape = node.weightShape else { continue }
      let count = shape.dropFirst().reduce(1, *)
      weights["\(node.name).weight"] = (0..<shape[0]).flatMap { _ in
        (0..<count).map { $0 == 0 ? 127 : Float(Int.random(in: -15...15, using: &random)) }
      }
      weights["\(node.name).bias"] = (0..<shape[0]).map { _ in
        Float(Int.random(in: -999...999, using: &random))
      }
    }
    return weights
  }

  @Test(
    "kernels and simulation agree to the bit where sums are exact",
    arguments: InstructionSet.allCases.filter(\.isAvailable))
  func exactNetwork(isa: InstructionSet) throws {
    var random = SplitMix64(seed: 17)
    let graph = network()
    let weights = wholeWeights(graph, &random)
    // Steps are powers of two.
    let quantization = Quantization(activations: [
      "stem": ActivationRange(minimum: 0, maximum: 255 * 16),
      "depthwise": ActivationRange(minimum: 0, maximum: 255.0 / 32),
      "add": ActivationRange(minimum: -64 * 128, maximum: 64 * 127),
      "left": ActivationRange(minimum: 0, maximum: 255 * 64),
      "right": ActivationRange(minimum: -64 * 100, maximum: 64 * 155),
    ])
    #expect(quantization.fault(for: graph) == nil)
    let image = (0..<graph.input.shape.count).map { _ in
      Float(Int.random(in: -128...127, using: &random))
    }
    let simulated = try Network(
      graph: graph, isa: isa, keepsTaps: true, numerics: .integer(quantization)
    ) { name, _ in weights[name] ?? [] }
    let expected = NaiveExecutor(graph: simulated.graph, weights: weights).run(image)
    let plain = NaiveExecutor(graph: graph, weights: weights).run(image)
    let found = try run(graph, isa: isa, .integer(quantization), image, weights).outputs
    for (output, found) in zip(graph.outputs, found) {
      let rows = output.values.flatMap { expected[$0.index] ?? [] }
      #expect(found == rows, "\(output.name)")
      #expect(rows != output.values.flatMap { plain[$0.index] ?? [] }, "nothing was rounded")
    }
  }

  @Test(
    "byte kernels give the results of the simulation, up to single steps",
    .requires(
      Requirement("integer-kernels", absence: "this processor has no fast byte kernels") {
        InstructionSet.best.hasIntegerKernels
      }),
    arguments: 0..<40)
  func randomNetwork(seed: Int) throws {
    let test = RandomNetwork(seed: UInt64(seed) &* 104_729)
    var observer = try RangeObserver(graph: test.graph, weights: test.weight)
    observer.session.fill(test.image)
    observer.run()
    let numerics = Numerics.integer(observer.quantization)
    let simulated = try run(test.graph, keepsTaps: true, numerics, test.image, test.weights)
    let bytes = try run(test.graph, numerics, test.image, test.weights)
    #expect(simulated.isSimulated && !bytes.isSimulated)
    for (expected, found) in zip(simulated.outputs, bytes.outputs) {
      let size = (expected.max() ?? 0) - (expected.min() ?? 0) + 1e-3
      let differences = zip(expected, found).map { abs($0 - $1) }
      // A value halfway between two steps may be rounded either way, which later layers propagate.
      #expect((differences.max() ?? 0) <= 0.08 * size, "seed \(seed)")
      #expect(differences.reduce(0, +) / Float(differences.count) <= 0.008 * size, "seed \(seed)")
    }
  }

  @Test("weights are rounded separately for each output channel")
  func weights() throws {
    var builder = GraphBuilder(input: Shape(height: 1, width: 1, channels: 2))
    let output = builder.convolution(builder.input, "layer", outputChannels: 3)
    builder.output([output], "output", columns: 3)
    let weights: [String: [Float]] = [
      "layer.weight": [1, -0.5, 1000, 4.1, 0, 0], "layer.bias": [0, 0, 7],
    ]
    let network = try Network(
      graph: builder.finish(), numerics: .integer(Quantization(activations: [:]))
    ) { name, _ in weights[name] ?? [] }
    let session = network.makeSession()
    func run(_ x: Float, _ y: Float) -> [Float] {
      session.withInput { span in
        span[0] = x
        span[1] = y
      }
      session.run()
      return session.output("output")
    }
    #expect(run(1, 0) == [1, 1000, 7])
    // -63.5 steps tie to the even -64; 4.1 is 0.52 steps of 1000 / 127.
    let second = run(0, 1)
    #expect(abs(second[0] + 64.0 / 127) < 1e-6 && abs(second[1] - 1000.0 / 127) < 1e-4)
    #expect(second[2] == 7)
  }

  @Test("missing, unknown and invalid ranges are faults that name the node")
  func faults() {
    let graph = network()
    var quantization = Quantization(activations: [:])
    for index in graph.quantizedNodes {
      quantization.activations[graph.nodes[index].name] = ActivationRange(minimum: -1, maximum: 1)
    }
    #expect(quantization.fault(for: graph) == nil)
    for (name, range) in [
      ("stem", nil), ("add", ActivationRange(minimum: 1, maximum: 0)),
      ("left", ActivationRange(minimum: -.infinity, maximum: 0)),
      ("depthwise", ActivationRange(minimum: 0, maximum: .nan)),
      ("elsewhere", ActivationRange(minimum: 0, maximum: 1)),
      (
        "add",
        ActivationRange(minimum: -.greatestFiniteMagnitude, maximum: .greatestFiniteMagnitude)
      ),
    ] {
      var wrong = quantization
      wrong.activations[name] = range
      #expect(wrong.fault(for: graph)?.contains(name) == true, "\(name)")
    }
  }
}
