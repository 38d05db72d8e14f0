import TestSupport
import Testing
@testable import Layers

@Suite("Gathering channels")
struct GatherTests {
  @Test("runs put every channel in its place, whatever the order")
  func runs() {
    var random = SplitMix64(seed: 71)
    for _ in 0..<300 {
      let inputs = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        Int.random(in: 1...20, using: &random)
      }
      let channels = inputs.reduce(0, +)
      let order = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        Int.random(in: 0..<channels, using: &random)
      }
      var found = [Int?](repeating: nil, count: order.count)
      for run in ChannelRun.runs(order, inputs: inputs) {
        let first = inputs[..<run.input].reduce(0, +)
        for index in 0..<run.count {
          found[run.to + index * run.toStep] = first + run.from + index * run.fromStep
        }
      }
      #expect(found == order)
    }
  }

  @Test("a channel shuffle of two maps is two runs, and a split is one")
  func shuffle() {
    let order = (0..<8).flatMap { [$0, 8 + $0] }
    #expect(ChannelRun.alternate(ChannelRun.runs(order, inputs: [8, 8])))
    #expect(!ChannelRun.alternate(ChannelRun.runs([0, 8, 1], inputs: [8, 8])))
    #expect(
      ChannelRun.runs(Array(4..<8), inputs: [8])
        == [ChannelRun(input: 0, from: 4, fromStep: 1, to: 0, toStep: 1, count: 4)])
  }

  @Test(
    "gathered maps have the channels that were asked for, and zeros behind them",
    arguments: InstructionSet.allCases.filter { $0.isAvailable })
  func maps(isa: InstructionSet) throws {
    var random = SplitMix64(seed: 72)
    for _ in 0..<40 {
      let shape = Shape(
        height: Int.random(in: 1...5, using: &random), width: Int.random(in: 1...5, using: &random),
        channels: 3)
      let (a, b) = (Int.random(in: 1...40, using: &random), Int.random(in: 1...40, using: &random))
      // Every other time a channel shuffle of two groups, which has a kernel.
      let order =
        Bool.random(using: &random)
        ? (0..<min(a, b)).flatMap { [$0, a + $0] }
        : (0..<Int.random(in: 1...50, using: &random)).map { _ in
          Int.random(in: 0..<a + b, using: &random)
        }
      var builder = GraphBuilder(input: shape)
      let left = builder.convolution(builder.input, "a", outputChannels: a)
      let right = builder.convolution(builder.input, "b", outputChannels: b)
      let both = builder.concatenate([left, right], "both")
      let gathered = builder.gather([left, right], "gathered", order: order)
      // A matrix product reads whole vectors, so that padding that isn't zero would show.
      let product = builder.convolution(gathered, "product", outputChannels: 5)
      builder.output([both], "both", columns: a + b)
      builder.output([gathered], "gathered", columns: order.count)
      builder.output([product], "product", columns: 5)
      let network = try Network(graph: builder.finish(), isa: isa) {
        _, shape in
        (0..<shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &random) }
      }
      let session = network.makeSession()
      session.withInput { input in
        for index in 0..<shape.count { input[index] = Float.random(in: -1...1, using: &random) }
      }
      session.run()
      let (source, found) = (session.output("both"), session.output("gathered"))
      for pixel in 0..<shape.pixels {
        for (place, channel) in order.enumerated() {
          #expect(found[pixel * order.count + place] == source[pixel * (a + b) + channel])
        }
      }
      let isFinite = session.output("product").allSatisfy { $0.isFinite }
      #expect(isFinite)
    }
  }
}
