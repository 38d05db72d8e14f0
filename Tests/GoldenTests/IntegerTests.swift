import Backbone
import Layers
import TestSupport
import Testing

@Suite struct IntegerTests {
  @Test(
    "a classifier in 8 bits matches its simulation, and the reference's logits roughly",
    arguments: ClassifierCase.all)
  func classifier(_ item: ClassifierCase) throws {
    let graph = try item.specification.graph()
    let golden = try GoldenFile(item.name)
    let image = SeededNumbers.uniform("\(item.name)/input", count: graph.input.shape.count)
    var tensors: [String: [Float]] = [:]
    func weights(_ tensor: String, _ shape: [Int]) -> [Float] {
      if tensors[tensor] == nil { tensors[tensor] = SeededNumbers.tensor(tensor, shape) }
      return tensors[tensor] ?? []
    }
    var observer = try RangeObserver(graph: graph, isa: .best, weights: weights)
    write(image, into: observer.session)
    observer.run()
    let found = try [false, true].map { keepsTaps in
      let network = try Network(
        graph: graph, keepsTaps: keepsTaps, numerics: .integer(observer.quantization),
        weights: weights)
      #expect(network.isSimulated || !keepsTaps)
      let session = network.makeSession()
      write(image, into: session)
      session.run()
      return session.output("output")
    }
    let expected = try golden.floats("output")
    let size = expected.map(\.magnitude).max() ?? 0
    // Rounding each map to 256 steps changes random networks more than trained ones, up to a
    // quarter of the largest logit on average. The simulation's sums are not exact, so it rounds
    // some values to the next step, which changes what follows.
    for (other, limit) in [(expected, Float(0.25)), (found[1], 0.05)] {
      try #require(found[0].count == other.count)
      let differences = zip(found[0], other).map { abs($0 - $1) }
      let mean = differences.reduce(0, +) / Float(differences.count)
      #expect(mean <= limit * size, "\(item.name): \(mean / size)")
    }
  }
}
