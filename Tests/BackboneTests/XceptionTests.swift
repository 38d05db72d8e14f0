import Backbone
import Testing

@testable import Layers

@Suite struct XceptionTests {
  @Test("the middle flow and the layers around it run by Strassen's product", arguments: 1...2)
  func products(threads: Int) throws {
    let specification = ClassifierSpecification(
      backbone: .xception, classes: 1000, inputHeight: 299, inputWidth: 299)
    let graph = try specification.graph()
    let program = Lowering(
      graph, keepsTaps: false, .float32, kernels: InstructionSet.best.kernels,
      shortcuts: .whereFaster
    ).lower(.sharing(threads))
    let found = program.steps.compactMap { step in
      if case .strassen = step.kind { graph.nodes[step.node].name } else { nil }
    }
    let middle = (4...11).flatMap { block in
      (1...3).map { "block\(block).sepconv\($0).pointwise.0" }
    }
    let around = ["block3.sepconv2", "block12.sepconv1", "block12.sepconv2"]
      .map { "\($0).pointwise.0" }
    #expect(Set(found) == Set(middle + around) && found.count == 27)
  }
}
