import Backbone
import Layers
import SSDLite
import TestSupport
import Testing

@Suite struct BFloat16Tests {
  @Test("a classifier in bfloat16 gives the reference's logits", arguments: ClassifierCase.all)
  func classifier(_ item: ClassifierCase) throws {
    try check(item.specification.graph(), against: item.name)
  }

  @Test("both detectors in bfloat16 give the reference's logits and codes")
  func detectors() throws {
    let torchvision = SSDLiteSpecification(
      backbone: .mobileNetV3Large, reducedTail: true, classes: 4, inputHeight: 96, inputWidth: 96,
      padding: .even, priors: .torchvision(TorchvisionPriors()), scoring: .softmax)
    try check(torchvision.graph(), against: "ssdlite_mobilenet_v3_large")
    let tensorFlow = SSDLiteSpecification.tensorFlow(
      backbone: .mobileNetV2, classes: 4, inputHeight: 100, inputWidth: 84)
    try check(tensorFlow.graph(), against: "ssdlite_mobilenet_v2_same")
  }

  /// Compares the outputs, by kernels and simulated, with the golden file's and with each other.
  ///
  /// Weights are random, so sums cancel, and what a rounding changes grows from layer to layer: 4 %
  /// of the largest number on average, where each of the roundings is within 0.2 %.
  private func check(_ graph: Graph, against name: String) throws {
    let golden = try GoldenFile(name)
    let image = SeededNumbers.uniform("\(name)/input", count: graph.input.shape.count)
    let sessions = try [false, true].map { keepsTaps in
      let network = try Network(graph: graph, keepsTaps: keepsTaps, numerics: .bfloat16) {
        tensor, shape in SeededNumbers.tensor(tensor, shape)
      }
      let session = network.makeSession()
      write(image, into: session)
      session.run()
      return session
    }
    for output in graph.outputs {
      let expected = try golden.floats(output.name)
      let found = sessions.map { $0.output(output.name) }
      let size = expected.map(\.magnitude).max() ?? 0
      for (other, limit) in [(expected, Float(0.04)), (found[1], 0.01)] {
        try #require(found[0].count == other.count)
        let differences = zip(found[0], other).map { abs($0 - $1) }
        let mean = differences.reduce(0, +) / Float(differences.count)
        #expect(mean <= limit * size, "\(name) \(output.name)")
        #expect((differences.max() ?? 0) <= 6 * limit * size, "\(name) \(output.name)")
      }
    }
  }
}
