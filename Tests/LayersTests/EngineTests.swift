import Foundation
import TestSupport
import Testing

@testable import Layers

/// Graphs of random operators, run by the engine and by the naive executor.
@Suite struct EngineTests {
  static let cases = InstructionSet.allCases.filter(\.isAvailable).flatMap { isa in
    (0..<20).map { (isa, $0) }
  }

  @Test("a random graph gives the same outputs and taps as the naive executor", arguments: cases)
  func randomGraph(isa: InstructionSet, seed: Int) throws {
    let test = RandomNetwork(seed: UInt64(seed) &* 7919)
    let graph = test.graph
    let expected = NaiveExecutor(graph: graph, weights: test.weights).run(test.image)

    for keepsTaps in [false, true] {
      let network = try Network(
        graph: graph, isa: isa, keepsTaps: keepsTaps, weights: test.weight)
      let session = network.makeSession()
      session.fill(test.image)
      // Twice, because a run must not depend on what the previous one left in the arena.
      for _ in 0..<2 {
        session.run()
        compareOutputs(of: session, expected, "seed \(seed)")
      }
      guard keepsTaps else { continue }
      for (name, value) in graph.taps {
        let map = try #require(session.tap(name))
        let dense = expected[value.index] ?? []
        let transposed = (0..<value.shape.channels).flatMap { channel in
          (0..<value.shape.pixels).map { dense[$0 * value.shape.channels + channel] }
        }
        compare(map, transposed, "seed \(seed) \(name)")
      }
    }
  }

  @Test("chains of any band height give the results of single steps", arguments: 0..<40)
  func chains(seed: Int) throws {
    let test = RandomNetwork(seed: UInt64(seed) &* 104_729)
    let graph = test.graph
    let expected = NaiveExecutor(graph: graph, weights: test.weights).run(test.image)
    var lengths: Set<Int> = []
    for rollingBytes in [1 << 10, 1 << 12, 1 << 14, 1 << 20] {
      let network = try Network(
        graph: graph, tensors: TensorProgram(), isa: .best, keepsTaps: false, numerics: .float32,
        limits: ChainLimits(
          rollingBytes: rollingBytes, worthwhileBytes: 0, weightsPerMap: .infinity),
        weights: test.weight)
      lengths.formUnion(network.program.chains.map(\.steps.count))
      let session = network.makeSession()
      session.fill(test.image)
      for _ in 0..<2 {
        session.run()
        compareOutputs(of: session, expected, "seed \(seed)")
      }
    }
    #expect(lengths.contains { $0 > 1 }, "seed \(seed) gives no chain")
  }

  @Test("threads that share a frame give the results of a single one", arguments: 0..<12)
  func sharedFrames(seed: Int) throws {
    let test = RandomNetwork(seed: UInt64(seed) &* 1_299_709)
    let graph = test.graph
    var expected: [String: [Float]] = [:]
    for threads in 1...4 {
      var limits = ChainLimits.sharing(threads)
      // Both chains and single steps.
      if seed % 2 == 0 { (limits.worthwhileBytes, limits.weightsPerMap) = (0, .infinity) }
      let network = try Network(
        graph: graph, tensors: TensorProgram(), isa: .best, keepsTaps: false, numerics: .float32,
        limits: limits, weights: test.weight)
      let session = network.makeSession()
      session.fill(test.image)
      for run in 0..<20 {
        // Threads that are still awake, and others that are asleep by now.
        if run % 5 == 4 { Thread.sleep(forTimeInterval: 0.002) }
        session.run()
        for output in graph.outputs {
          let numbers = session.output(output.name)
          if threads == 1 { expected[output.name] = numbers }
          #expect(numbers == expected[output.name], "seed \(seed), \(threads) threads")
        }
      }
    }
  }

  #if os(Linux)
  // In a process of its own: other tests have threads, too.
  @Test("sessions that are gone have given their threads back")
  func threads() async {
    await #expect(processExitsWith: .success) {
      func count() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
      }
      let test = RandomNetwork(seed: 5)
      let network = try Network(graph: test.graph, frameThreads: 3, weights: test.weight)
      let before = try count()
      for _ in 0..<100 {
        let session = network.makeSession()
        session.fill(test.image)
        session.run()
      }
      // Of 200 helpers some may still be on their way out.
      let areGone = try waitUntil { try count() < before + 20 }
      try #require(areGone)
    }
  }
  #endif

  @Test("profile measures every convolution")
  func profile() throws {
    let test = RandomNetwork(seed: 3)
    let durations = try Network(graph: test.graph, weights: test.weight).makeSession().profile()
    #expect(durations.count == test.graph.nodes.count)
    for (node, duration) in zip(test.graph.nodes, durations) where node.weightShape != nil {
      #expect(duration > .zero, "\(node.name)")
    }
  }

  @Test("a 1x1 convolution of a padded map reads the zeros")
  func paddedPointwise() throws {
    var builder = GraphBuilder(input: Shape(height: 2, width: 3, channels: 3))
    let window = Window(kernel: 1, padding: .zeros(1))
    let padded = builder.convolution(builder.input, "a", outputChannels: 5, window: window)
    #expect(padded.shape == Shape(height: 4, width: 5, channels: 5))
    builder.output([padded], "output", columns: 5)
    let graph = builder.finish()
    var random = SplitMix64(seed: 5)
    let weights = makeRandomWeights(graph, &random)
    let image = (0..<18).map { _ in Float.random(in: -1...1, using: &random) }
    let expected = NaiveExecutor(graph: graph, weights: weights).run(image)[padded.index] ?? []
    #expect(Array(expected[..<5]) == weights["a.bias"])
    let session = try Network(graph: graph) { name, _ in weights[name] ?? [] }.makeSession()
    session.fill(image)
    session.run()
    compare(session.output("output"), expected, "padded")
  }

  /// Compares the outputs with the rows of their values.
  private func compareOutputs(
    of session: Session, _ expected: [Int: [Float]], _ what: String
  ) {
    for output in session.network.graph.outputs {
      let rows = output.values.flatMap { expected[$0.index] ?? [] }
      compare(session.output(output.name), rows, "\(what) \(output.name)")
    }
  }

  private func compare(_ found: [Float], _ expected: [Float], _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    for (index, (a, b)) in zip(found, expected).enumerated()
    where abs(a - b) > 1e-4 + 1e-4 * abs(b) || a.isNaN {
      Issue.record("\(what)[\(index)]: \(a), expected \(b)")
      return
    }
  }
}
