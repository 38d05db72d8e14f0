import Foundation
import TestSupport
import Testing

@testable import Layers

@Suite("Strassen's product")
struct StrassenTests {
  static let instructionSets = InstructionSet.allCases.filter(\.isAvailable)

  /// Pointwise convolutions one after the other, the last of them with a shortcut around it and a
  /// dense output.
  private func graph(_ random: inout SplitMix64) -> Graph {
    let height = Int.random(in: 1...15, using: &random)
    var builder = GraphBuilder(
      input: Shape(height: height, width: .random(in: 1...15, using: &random), channels: 3))
    func channels() -> Int { [32, 34, 48, 58, 72, 110].randomElement(using: &random) ?? 32 }
    let activation = Activation.allCases.randomElement(using: &random) ?? .none
    let stem = builder.convolution(
      builder.input, "stem", outputChannels: channels(), activation: .relu)
    let first = builder.convolution(
      stem, "first", outputChannels: channels(), activation: activation)
    let second = builder.convolution(
      first, "second", outputChannels: first.shape.channels, activation: .relu6)
    let sum = builder.add(second, first, "sum")
    let head = builder.convolution(
      sum, "head", outputChannels: .random(in: 33...70, using: &random))
    builder.output([head], "output", columns: 1)
    return builder.finish()
  }

  private func network(
    _ graph: Graph, isa: InstructionSet = .best, threads: Int = 1,
    _ weights: [String: [Float]], _ shortcuts: Shortcuts = .wherePossible
  ) throws -> Network {
    try Network(
      graph: graph, tensors: TensorProgram(), isa: isa, keepsTaps: false, numerics: .float32,
      limits: .sharing(threads), shortcuts: shortcuts
    ) { name, _ in weights[name] ?? [] }
  }

  private func isStrassen(_ step: Step) -> Bool {
    if case .strassen = step.kind { true } else { false }
  }

  @Test("the outputs are those of the convolutions", arguments: instructionSets)
  func outputs(isa: InstructionSet) throws {
    var random = SplitMix64(seed: 91)
    for _ in 0..<24 {
      let graph = graph(&random)
      let weights = makeRandomWeights(graph, &random)
      let image = (0..<graph.input.shape.count).map { _ in Float.random(in: -1...1, using: &random)
      }
      let expected = NaiveExecutor(graph: graph, weights: weights).run(image)
      let numbers = graph.outputs.flatMap { $0.values }.flatMap { expected[$0.index] ?? [] }
      let network = try network(graph, isa: isa, weights)
      #expect(network.program.steps.count { isStrassen($0) } == 3)
      let session = network.makeSession()
      session.fill(image)
      for _ in 0..<2 {
        session.run()
        let found = session.output("output")
        #expect(found.count == numbers.count)
        let agrees = zip(found, numbers).allSatisfy { abs($0 - $1) <= 1e-4 * max(abs($1), 1) }
        #expect(agrees, "\(graph.input.shape)")
      }
    }
  }

  @Test("threads that share a frame give the results of a single one, bit by bit")
  func threads() throws {
    var random = SplitMix64(seed: 92)
    for _ in 0..<6 {
      let graph = graph(&random)
      let weights = makeRandomWeights(graph, &random)
      let image = (0..<graph.input.shape.count).map { _ in Float.random(in: -1...1, using: &random)
      }
      let outputs = try (1...4).map { threads in
        let session = try network(graph, threads: threads, weights).makeSession()
        session.fill(image)
        session.run()
        return session.output("output")
      }
      for output in outputs.dropFirst() { #expect(output == outputs[0]) }
    }
  }

  @Test("threads take a block each", arguments: 2...4)
  func shares(threads: Int) throws {
    var random = SplitMix64(seed: 93)
    var builder = GraphBuilder(input: Shape(height: 20, width: 20, channels: 32))
    let layer = builder.convolution(builder.input, "layer", outputChannels: 32)
    builder.output([layer], "output", columns: 1)
    let graph = builder.finish()
    let network = try network(graph, threads: threads, makeRandomWeights(graph, &random))
    let step = try #require(network.program.steps.first { isStrassen($0) })
    #expect(step.output.shape.width == 1 && step.rowUnit == 100)
  }

  @Test("large layers use it, small ones and those of few pixels don't")
  func limits() {
    func pays(_ inputs: Int, _ outputs: Int, _ pixels: Int) -> Bool {
      StrassenPlan.pays(inputs: inputs, outputs: outputs, pixels: pixels)
    }
    #expect(pays(728, 728, 19 * 19))
    #expect(pays(728, 1024, 19 * 19))
    #expect(pays(1024, 1024, 19 * 19))
    #expect(!pays(2048, 1000, 1))
    #expect(!pays(1536, 2048, 10 * 10))
    #expect(!pays(729, 728, 19 * 19))
    #expect(!pays(256, 256, 74 * 74))
    #expect(!pays(576, 96, 19 * 19))
  }

  /// Numbers of the magnitudes of a layer in a trained network: rectified pixels and weights whose
  /// channels differ by factors that are distributed log-normally.
  private func layer(
    _ random: inout SplitMix64, pixels: Int, channels: Int, spread: Double
  ) -> (x: [Float], weights: [Float]) {
    func gaussian() -> Double {
      let radius = (-2 * log(Double.random(in: 1e-300..<1, using: &random))).squareRoot()
      return radius * cos(2 * .pi * .random(in: 0..<1, using: &random))
    }
    let inputs = (0..<channels).map { _ in exp(spread * gaussian()) }
    let outputs = (0..<channels).map { _ in exp(spread * gaussian()) }
    let x = (0..<pixels * channels).map { Float(max(gaussian(), 0) * inputs[$0 % channels]) }
    let length = Double(channels).squareRoot()
    let weights = (0..<channels * channels).map {
      // A channel that is small has large weights, so all contribute to the sums.
      Float(gaussian() * outputs[$0 / channels] / inputs[$0 % channels] / length)
    }
    return (x, weights)
  }

  @Test(
    "errors are at most three times those of the direct product, whatever the channels' magnitudes",
    arguments: instructionSets, [0, 0.5, 1])
  func errors(isa: InstructionSet, spread: Double) throws {
    var random = SplitMix64(seed: 94)
    let (pixels, channels) = (64, 256)
    let (x, weights) = layer(&random, pixels: pixels, channels: channels, spread: spread)
    var builder = GraphBuilder(input: Shape(height: 1, width: pixels, channels: channels))
    let layer = builder.convolution(builder.input, "layer", outputChannels: channels)
    builder.output([layer], "output", columns: channels)
    let graph = builder.finish()
    let values = ["layer.weight": weights, "layer.bias": [Float](repeating: 0, count: channels)]
    let found = try [Shortcuts.none, .wherePossible].map { shortcuts in
      let session = try network(graph, isa: isa, values, shortcuts).makeSession()
      session.fill(x)
      session.run()
      return session.output("output")
    }
    // The root mean square of the errors of each channel.
    var errors = [[Double]](repeating: [Double](repeating: 0, count: channels), count: 2)
    for pixel in 0..<pixels {
      for output in 0..<channels {
        let exact = (0..<channels).reduce(0) {
          $0 + Double(x[pixel * channels + $1]) * Double(weights[output * channels + $1])
        }
        for (index, numbers) in found.enumerated() {
          let error = Double(numbers[pixel * channels + output]) - exact
          errors[index][output] += error * error
        }
      }
    }
    let growth = zip(errors[1], errors[0]).map { ($0 / $1).squareRoot() }.sorted()
    #expect(growth[channels / 2] < 3, "median")
    #expect(growth[channels - 1] < 9, "the worst channel")
    #expect(found[0] != found[1], "the product isn't Strassen's")
  }
}
