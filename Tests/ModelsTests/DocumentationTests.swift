import Backbone
import Foundation
import Layers
import SSDLite
import Testing

@testable import Models

/// The document that authors of other converters follow.
@Suite struct DocumentationTests {
  @Test("docs/model-format.md names every key of every kind of model")
  func keys() throws {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(
      contentsOf: checkout.appending(path: "docs/model-format.md"), encoding: .utf8)
    for architecture in Self.architectures {
      let description = ModelDescription(
        name: "a model", architecture: architecture,
        labels: (0..<architecture.classes).map { "class \($0)" }, normalization: .signedUnit)
      let json = Data(try description.json(path: "").utf8)
      for key in keys(of: try JSONSerialization.jsonObject(with: json)) {
        #expect(text.contains("`\(key)`"), "\(key) is missing")
      }
    }
  }

  private static let architectures: [ModelArchitecture] =
    [.classifier(ClassifierSpecification(backbone: .mobileNetV2))]
    + [
      PriorSpecification.torchvision(TorchvisionPriors()), .tensorFlow(TensorFlowPriors()),
      .caffe(.mobileNet()),
    ].map { priors in
      .detector(
        SSDLiteSpecification(
          backbone: .mobileNetV2, classes: 21, inputHeight: 300, inputWidth: 300, padding: .even,
          priors: priors, scoring: .softmax))
    } + [.graph(graph)]

  /// A detector with every kind of operator that has parameters.
  static let graph: GraphModel = {
    let resampling = Resampling(
      height: 4, width: 4, mode: .linear, coordinates: .halfPixel, rounding: .floor, rowScale: 2,
      columnScale: 2)
    return GraphModel(
      graph: OperatorGraph(
        inputHeight: 4, inputWidth: 4, constants: [.init(name: "one", shape: [1])],
        nodes: [
          OperatorNode("a", .convolution(.init(channels: 4, kernel: 1)), ["input"]),
          OperatorNode("b", .maxPool(.init(kernel: 2, stride: 2, padding: .same)), ["a"]),
          OperatorNode("c", .resize(resampling), ["b"]),
          OperatorNode("d", .pad(Border(top: 0, left: 0, bottom: 0, right: 0)), ["c"]),
          OperatorNode("e", .function(.clamp(lower: 0, upper: 1)), ["d"]),
          OperatorNode("f", .transpose([0, 2, 3, 1]), ["e"]),
          OperatorNode("g", .reshape([1, 16, 4]), ["f"]),
          OperatorNode("h", .slice(.init(axis: 2, start: 0, count: 4)), ["g"]),
          OperatorNode("i", .multiply, ["h", "one"]),
          OperatorNode("j", .softmax(axis: 2), ["i"]),
          OperatorNode("k", .mean(axes: [1]), ["j"]),
        ],
        outputs: [.init(name: "scores", value: "j"), .init(name: "boxes", value: "i")]),
      head: .detector(
        DetectionHead(
          scores: "scores", boxes: "boxes", scoreForm: .softmax, boxForm: .codes,
          boxCoder: BoxCoder())), classes: 4)
  }()

  private func keys(of value: Any) -> Set<String> {
    if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(keys(of: $1)) } }
    guard let object = value as? [String: Any] else { return [] }
    return object.values.reduce(into: Set(object.keys)) { $0.formUnion(keys(of: $1)) }
  }
}
