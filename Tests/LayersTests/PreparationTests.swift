import Layers
import TestSupport
import Testing

/// How a network is prepared before it is rounded to 8 bits.
@Suite struct PreparationTests {
  private let graph: Graph
  private let weights: [String: [Float]]
  private let images: [[Float]]

  /// An inverted residual followed by a layer, with channels of very different magnitudes.
  init() {
    var builder = GraphBuilder(input: Shape(height: 9, width: 8, channels: 3))
    let expanded = builder.convolution(
      builder.input, "expand", outputChannels: 20, activation: .relu6)
    let wide = builder.depthwise(
      expanded, "depthwise", window: Window(kernel: 3), activation: .relu)
    let narrow = builder.convolution(wide, "project", outputChannels: 12)
    let last = builder.convolution(narrow, "last", outputChannels: 5)
    builder.output([last], "output", columns: 5)
    graph = builder.finish()
    var random = SplitMix64(seed: 41)
    var weights = makeRandomWeights(graph, &random)
    for name in ["expand", "depthwise"] {
      for channel in 0..<20 {
        let size: Float = channel % 4 == 0 ? 2 : 0.1
        let count = (weights["\(name).weight"]?.count ?? 0) / 20
        for index in channel * count..<(channel + 1) * count {
          weights["\(name).weight"]?[index] *= size
        }
        weights["\(name).bias"]?[channel] *= size
      }
    }
    self.weights = weights
    images = (0..<4).map { _ in
      (0..<9 * 8 * 3).map { _ in Float.random(in: -1...1, using: &random) }
    }
  }

  private func observer(_ weights: [String: [Float]]) throws -> RangeObserver {
    var observer = try RangeObserver(graph: graph) { name, _ in weights[name] ?? [] }
    for image in images {
      observer.session.fill(image)
      observer.run()
    }
    return observer
  }

  private func outputs(
    _ weights: [String: [Float]], _ quantization: Quantization? = nil
  ) throws -> [Float] {
    // Simulated, so that all processors give the same result.
    let network = try Network(
      graph: graph, keepsTaps: true, numerics: quantization.map(Numerics.integer) ?? .float32
    ) { name, _ in weights[name] ?? [] }
    let session = network.makeSession()
    return images.flatMap { image in
      session.fill(image)
      session.run()
      return session.withOutput("output") { span in span.indices.map { span[$0] } }
    }
  }

  private func meanSquare(_ a: [Float], _ b: [Float]) -> Double {
    zip(a, b).reduce(0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) } / Double(a.count)
  }

  @Test("equalised layers give the same results in FP32 and better ones in 8 bits")
  func equalization() throws {
    let before = try observer(weights)
    let (tensors, maps) = try graph.equalized(channels: before.channels) { name, _ in
      weights[name] ?? []
    }
    #expect(maps == 3)
    let equalized = weights.merging(tensors) { $1 }
    #expect(equalized["expand.weight"] != weights["expand.weight"])
    let exact = try outputs(weights)
    #expect(
      meanSquare(try outputs(equalized), exact) < 1e-9 * meanSquare(exact, exact.map { _ in 0 }))
    let plain = meanSquare(try outputs(weights, before.quantization), exact)
    let after = try observer(equalized)
    let prepared = meanSquare(try outputs(equalized, after.quantization), exact)
    #expect(prepared < 0.7 * plain, "\(prepared) and \(plain)")
    let magnitudes = after.channels["expand"]?.map(\.magnitude) ?? []
    #expect((magnitudes.max() ?? 9) <= 6)
  }

  @Test("corrected biases restore the mean of each output")
  func biasCorrection() throws {
    let observer = try observer(weights)
    let biases = try graph.correctedBiases(
      channels: observer.channels, inputChannels: observer.inputChannels
    ) { name, _ in weights[name] ?? [] }
    #expect(biases.count == 4)
    // Only the weights of the last layer are rounded, so nothing else shifts its mean.
    let exact = try outputs(weights)
    var rounded = weights
    let length = 12
    for start in stride(from: 0, to: 5 * length, by: length) {
      let row = weights["last.weight"]?[start..<start + length] ?? []
      let step = (row.map(abs).max() ?? 1) / 127
      for index in row.indices {
        rounded["last.weight"]?[index] = (row[index] / step).rounded(.toNearestOrEven) * step
      }
    }
    func shifts(_ outputs: [Float]) -> [Float] {
      (0..<5).map { channel in
        let indices = stride(from: channel, to: outputs.count, by: 5)
        return abs(indices.reduce(0) { $0 + outputs[$1] - exact[$1] } / Float(outputs.count / 5))
      }
    }
    let plain = shifts(try outputs(rounded))
    rounded["last.bias"] = biases["last.bias"]
    let corrected = shifts(try outputs(rounded))
    #expect((plain.max() ?? 0) > 1e-4)
    #expect((corrected.max() ?? 1) < 0.1 * (plain.max() ?? 0), "\(corrected) and \(plain)")
  }

  @Test("ranges with the least squared error leave out outliers, and are never wider")
  func histograms() throws {
    let whole = try observer(weights).quantization
    var histograms = try HistogramObserver(graph: graph, within: whole) { name, _ in
      weights[name] ?? []
    }
    var wide = whole
    for name in wide.activations.keys {
      wide.activations[name]?.maximum *= 2
    }
    var doubled = try HistogramObserver(graph: graph, within: wide) { name, _ in
      weights[name] ?? []
    }
    for image in images {
      histograms.session.fill(image)
      histograms.run()
      doubled.session.fill(image)
      doubled.run()
    }
    for (name, range) in whole.activations {
      let best = try #require(histograms.quantization.activations[name])
      #expect(best.maximum <= max(range.maximum, 0) && best.minimum >= min(range.minimum, 0))
      // If half of the range is never used, it is left out.
      let found = try #require(doubled.quantization.activations[name])
      #expect(found.maximum < 1.1 * range.maximum, "\(name)")
    }
  }

  @Test("scales of layers' inputs give the ranges of the maps that they read")
  func inputScales() throws {
    let scales: [String: Float] = ["expand": 3, "depthwise": 20, "project": 63.5, "last": 12.7]
    let quantization = try #require(Quantization(of: graph, inputScales: scales))
    #expect(quantization.fault(for: graph) == nil)
    #expect(
      quantization.activations == [
        "expand": ActivationRange(minimum: 0, maximum: 6),
        "depthwise": ActivationRange(minimum: 0, maximum: 2),
        "project": ActivationRange(minimum: -127 / 12.7, maximum: 127 / 12.7),
      ])
    #expect(Quantization(of: graph, inputScales: ["depthwise": 1]) == nil)
    #expect(Quantization(of: graph, inputScales: scales.merging(["last": 0]) { $1 }) == nil)
  }
}
