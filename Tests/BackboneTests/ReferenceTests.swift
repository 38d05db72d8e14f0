import Backbone
import Layers
import TestSupport
import Testing

/// The classifiers compared with PyTorch's, feature map by feature map.
@Suite(.requires(.shared))
struct ReferenceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let folder: String
    let backbone: BackboneKind
    let classes: Int
    var width = 1.0
    /// Epsilon of the batch norms: 1e-5 in torchvision's V2, 1e-3 in its V3; SqueezeNet has none.
    let epsilon: Float
    var testDescription: String { folder }

    var specification: ClassifierSpecification {
      ClassifierSpecification(
        backbone: backbone, widthMultiplier: width, classes: classes, inputHeight: 96,
        inputWidth: 96)
    }
  }

  // swift-format-ignore
  static let cases = [
    Case(folder: "mobilenet_v1",       backbone: .mobileNetV1,      classes: 1000, epsilon: 1e-3),
    Case(folder: "mobilenet_v2",       backbone: .mobileNetV2,      classes: 1000, epsilon: 1e-5),
    Case(folder: "mobilenet_v2_w0.5",  backbone: .mobileNetV2,      classes: 100, width: 0.5, epsilon: 1e-5),
    Case(folder: "mobilenet_v3_large", backbone: .mobileNetV3Large, classes: 100, epsilon: 1e-3),
    Case(folder: "mobilenet_v3_small", backbone: .mobileNetV3Small, classes: 100, epsilon: 1e-3),
    Case(folder: "squeezenet1_1",      backbone: .squeezeNet1_1,    classes: 1000, epsilon: 0),
  ]

  @Test(
    "every feature map and the logits match PyTorch's", arguments: cases,
    InstructionSet.allCases.filter(\.isAvailable))
  func featureMaps(_ test: Case, isa: InstructionSet) throws {
    let reference = try ReferenceFolder(test.folder)
    let network = try Network(
      graph: test.specification.graph(), isa: isa, keepsTaps: true,
      weights: FoldedWeights(reference.weights, epsilon: test.epsilon).callAsFunction)
    let session = network.makeSession()
    session.fill(interleaved(try reference.floats("input"), channels: 3))
    session.run()

    let maps = reference.io.names.filter { $0.hasPrefix("feat.") }
    #expect(maps.count >= 4)
    for map in maps {
      let actual = try #require(session.tap(String(map.dropFirst(5))), "no tap for \(map)")
      let difference = Difference(map, actual, try reference.floats(map))
      #expect(difference.isWithin, "\(difference)")
    }
    let logits = session.output("output")
    let difference = Difference("output", logits, try reference.floats("output"))
    #expect(difference.isWithin, "\(difference)")
  }

  @Test("the graph needs exactly the tensors of the weight file", arguments: cases)
  func tensorNames(_ test: Case) throws {
    let file = try ReferenceFolder(test.folder).weights
    let graph = try test.specification.graph()
    let needed = graph.nodes.compactMap { node in
      node.weightShape.map { (name: "\(node.name).weight", shape: $0) }
    }
    let convolutions = file.names.filter { name in
      name.hasSuffix(".weight") && (file.tensor(name)?.shape.count ?? 0) > 1
    }
    #expect(Set(needed.map(\.name)) == Set(convolutions))
    for (name, shape) in needed {
      let stored = try #require(file.tensor(name)).shape
      // A linear layer is a convolution of a 1x1 map.
      #expect(stored == shape || stored + [1, 1] == shape, "\(name)")
    }
  }
}
