import TestSupport
import Testing

@testable import Layers

@Suite("Convolutions by tiles")
struct WinogradTests {
  static let instructionSets = InstructionSet.allCases.filter(\.isAvailable)

  /// 3x3 convolutions one after the other, the last of them with a shortcut around it.
  private func graph(_ random: inout SplitMix64, padding: Padding) -> Graph {
    let side = Int.random(in: 14...19, using: &random)
    var builder = GraphBuilder(
      input: Shape(height: side, width: side + Int.random(in: 0...5, using: &random), channels: 3))
    func channels() -> Int { [16, 24, 33, 72].randomElement(using: &random) ?? 16 }
    let same = Window(kernel: 3, padding: padding)
    let stem = builder.convolution(
      builder.input, "stem", outputChannels: channels(), activation: .relu)
    let first = builder.convolution(
      stem, "first", outputChannels: channels(), window: same, activation: .hardSwish)
    let count = channels()
    let second = builder.convolution(
      first, "second", outputChannels: count, window: same, activation: .relu6)
    let third = builder.convolution(
      second, "third", outputChannels: count, window: Window(kernel: 3))
    let sum = padding == .valid ? third : builder.add(third, second, "sum")
    builder.output([sum], "output", columns: 1)
    return builder.finish()
  }

  @Test(
    "the outputs are those of the windows", arguments: instructionSets,
    [Padding.even, .same, .valid])
  func outputs(isa: InstructionSet, padding: Padding) throws {
    var random = SplitMix64(seed: 81)
    for _ in 0..<6 {
      let graph = graph(&random, padding: padding)
      let weights = makeRandomWeights(graph, &random)
      let image = (0..<graph.input.shape.count).map { _ in Float.random(in: -1...1, using: &random)
      }
      let expected = NaiveExecutor(graph: graph, weights: weights).run(image)
      let numbers = graph.outputs.flatMap { $0.values }.flatMap { expected[$0.index] ?? [] }
      let network = try Network(graph: graph, isa: isa) { name, _ in weights[name] ?? [] }
      #expect(network.program.steps.contains { $0.rowUnit > 1 }, "no convolution runs by tiles")
      let session = network.makeSession()
      session.fill(image)
      for _ in 0..<2 {
        session.run()
        let found = session.output("output")
        #expect(found.count == numbers.count)
        let agrees = zip(found, numbers).allSatisfy { abs($0 - $1) <= 1e-4 * max(abs($1), 1) }
        #expect(agrees, "\(graph.input.shape), \(padding)")
      }
    }
  }

  @Test("threads that share a frame give the results of a single one, bit by bit")
  func threads() throws {
    var random = SplitMix64(seed: 82)
    for _ in 0..<4 {
      let graph = graph(&random, padding: .even)
      let weights = makeRandomWeights(graph, &random)
      let image = (0..<graph.input.shape.count).map { _ in Float.random(in: -1...1, using: &random)
      }
      let outputs = try (1...4).map { threads in
        let network = try Network(graph: graph, frameThreads: threads) { name, _ in
          weights[name] ?? []
        }
        let session = network.makeSession()
        session.fill(image)
        session.run()
        return session.output("output")
      }
      for output in outputs.dropFirst() { #expect(output == outputs[0]) }
    }
  }

  @Test("small maps, few channels and other windows run without tiles")
  func limits() {
    let window = Window(kernel: 3)
    func pays(_ window: Window, _ inputs: Int, _ side: Int, _ outputs: Int) -> Bool {
      WinogradPlan.pays(
        window, inputs: inputs, Shape(height: side, width: side, channels: outputs))
    }
    #expect(pays(window, 64, 56, 64))
    #expect(pays(window, 512, 14, 512))
    #expect(!pays(window, 512, 7, 512))
    #expect(!pays(window, 3, 224, 64))
    #expect(!pays(window, 64, 56, 8))
    #expect(!pays(Window(kernel: 3, stride: 2), 64, 56, 64))
    #expect(!pays(Window(kernel: 5), 64, 56, 64))
    #expect(!pays(Window(kernel: 3, dilation: 2), 64, 56, 64))
  }

  @Test("bfloat16, 8 bits and their simulations use the windows themselves")
  func otherNumerics() throws {
    var random = SplitMix64(seed: 83)
    let graph = graph(&random, padding: .even)
    let weights = makeRandomWeights(graph, &random)
    for isa in Self.instructionSets {
      let network = try Network(graph: graph, isa: isa, numerics: .bfloat16) { name, _ in
        weights[name] ?? []
      }
      #expect(!network.program.steps.contains { $0.rowUnit > 1 })
    }
  }
}
