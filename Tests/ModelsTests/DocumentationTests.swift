import Backbone
import Foundation
import Layers
import SSDLite
import Testing

@testable import Models

/// The document that writers of other converters follow.
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
    }

  private func keys(of value: Any) -> Set<String> {
    if let list = value as? [Any] { return list.reduce(into: []) { $0.formUnion(keys(of: $1)) } }
    guard let object = value as? [String: Any] else { return [] }
    return object.values.reduce(into: Set(object.keys)) { $0.formUnion(keys(of: $1)) }
  }
}
