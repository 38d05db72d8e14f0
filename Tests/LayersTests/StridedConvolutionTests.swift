import TestSupport
import Testing

@testable import Layers

@Suite("1x1 convolutions with a stride")
struct StridedConvolutionTests {
  @Test(
    "they give the results of the windows, with their pixels copied first or without",
    arguments: InstructionSet.allCases.filter(\.isAvailable), [40, 127, 128, 150])
  func outputs(isa: InstructionSet, channels: Int) throws {
    var random = SplitMix64(seed: UInt64(channels))
    for (padding, stride) in [(Padding.even, 2), (.same, 2), (.valid, 3), (.even, 4)] {
      let (height, width) = (Int.random(in: 1...12, using: &random), 9)
      var builder = GraphBuilder(
        input: Shape(height: height, width: width, channels: .random(in: 3...40, using: &random)))
      let window = Window(kernel: 1, stride: stride, padding: padding)
      let strided = builder.convolution(
        builder.input, "strided", outputChannels: channels, window: window, activation: .relu)
      let shortcut = builder.convolution(
        builder.input, "shortcut", outputChannels: channels, window: window)
      builder.output([builder.add(strided, shortcut, "sum")], "output", columns: channels)
      let graph = builder.finish()
      let weights = makeRandomWeights(graph, &random)
      let image = (0..<graph.input.shape.count).map { _ in Float.random(in: -1...1, using: &random)
      }
      let expected = NaiveExecutor(graph: graph, weights: weights).run(image)
      let numbers = graph.outputs.flatMap { $0.values }.flatMap { expected[$0.index] ?? [] }
      let network = try Network(graph: graph, isa: isa) { name, _ in weights[name] ?? [] }
      let copies = network.program.steps.count { $0.kind == .maxPool(window) }
      #expect(copies == (channels < 128 ? 0 : 2))
      let session = network.makeSession()
      session.fill(image)
      session.run()
      let found = session.output("output")
      #expect(found.count == numbers.count)
      let agrees = zip(found, numbers).allSatisfy { abs($0 - $1) <= 1e-5 * max(abs($1), 1) }
      #expect(agrees, "\(graph.input.shape), \(padding), stride \(stride)")
    }
  }
}
