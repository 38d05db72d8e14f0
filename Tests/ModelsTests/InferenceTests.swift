import Backbone
import Layers
import SSDLite
import Testing

@testable import Models
@testable import ModelImport

@Suite("networks found by their tensors")
struct InferenceTests {
  /// Names and shapes of a network's tensors.
  private func tensors(_ architecture: ModelArchitecture) throws -> [String: [Int]] {
    var shapes: [String: [Int]] = [:]
    for node in try architecture.graph().nodes {
      guard let shape = node.weightShape else { continue }
      shapes["\(node.name).weight"] = shape
      shapes["\(node.name).bias"] = [shape[0]]
    }
    return shapes
  }

  private func infer(_ shapes: [String: [Int]]) throws -> SpecificationInference.Fit {
    let tensors = shapes.mapValues { shape in
      SourceTensor(shape: shape, type: .float32) { () throws(ModelFileError) in [] }
    }
    return try SpecificationInference(
      ImportSource(path: "weights", kind: "test", tensors: tensors),
      ImportRequest(path: "weights", output: "model")
    ).run()
  }

  @Test(
    "a classifier is found by its tensors",
    arguments: [
      (BackboneKind.squeezeNet1_0ComplexBypass, 1.0), (.shuffleNetV1Groups3, 1.5),
      (.shuffleNetV1Groups8, 0.5), (.shuffleNetV2, 2), (.xception, 1), (.resNet34, 1),
      (.resNet50, 1), (.nasNetAMobile, 1), (.vgg16, 1),
    ])
  func classifiers(_ backbone: BackboneKind, _ width: Double) throws {
    let specification = ClassifierSpecification(
      backbone: backbone, widthMultiplier: width, classes: 7, inputHeight: backbone.inputSide,
      inputWidth: backbone.inputSide)
    let fit = try infer(tensors(.classifier(specification)))
    #expect(fit.kind == .classifier(backbone))
    #expect(fit.architecture == .classifier(specification))
  }

  @Test(
    "an SSD is found by its tensors, with its style",
    arguments: [
      (SSDStyle.separable, BackboneKind.shuffleNetV1Groups2), (.separableExtras, .mobileNetV1),
      (.full, .mobileNetV2), (.fullExtras, .mobileNetV1), (.full, .resNet18),
    ])
  func detectors(_ style: SSDStyle, _ backbone: BackboneKind) throws {
    let specification = SSDLiteSpecification.tensorFlow(
      backbone: backbone, classes: 5, style: style)
    let fit = try infer(tensors(.detector(specification)))
    #expect(fit.kind == .ssd(style, backbone))
    guard case .detector(let found) = fit.architecture else {
      Issue.record("it is no detector")
      return
    }
    #expect(found.style == style && found.classes == 5)
    #expect(found.extraChannels == specification.extraChannels)
    #expect(found.priors == specification.priors)
  }

  @Test("SSD300 on VGG-16 is found by its tensors, as torchvision names them")
  func vgg() throws {
    let specification = SSDLiteSpecification.torchvisionVGG16(classes: 21)
    var shapes = try tensors(.detector(specification))
    shapes["backbone.scale_weight"] = [512]
    shapes["backbone.scale_weight.weight"] = nil
    shapes["backbone.scale_weight.bias"] = nil
    var source = ImportSource(
      path: "weights", kind: "test",
      tensors: shapes.mapValues { shape in
        SourceTensor(shape: shape, type: .float32) { () throws(ModelFileError) in [] }
      })
    try source.canonicalize()
    let fit = try SpecificationInference(
      source, ImportRequest(path: "weights", output: "model")
    ).run()
    #expect(fit.kind == .ssd300VGG16)
    #expect(fit.architecture == .detector(specification))
  }
}
