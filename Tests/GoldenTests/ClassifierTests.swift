import Backbone
import Testing

/// A classifier of Tests/Golden.
struct ClassifierCase: CustomTestStringConvertible {
  let name: String
  let backbone: BackboneKind
  var width = 1.0
  let rows: Int
  let columns: Int
  var padding = PaddingConvention.even

  var testDescription: String { name }

  var specification: ClassifierSpecification {
    ClassifierSpecification(
      backbone: backbone, widthMultiplier: width, classes: 10, inputHeight: rows,
      inputWidth: columns, padding: padding)
  }

  /// The table of Tests/Golden/README.md.
  static let all = [
    ClassifierCase(
      name: "mobilenet_v1", backbone: .mobileNetV1, width: 0.25, rows: 64, columns: 64),
    ClassifierCase(
      name: "mobilenet_v1_same", backbone: .mobileNetV1, width: 0.5, rows: 50, columns: 66,
      padding: .same),
    ClassifierCase(
      name: "mobilenet_v2", backbone: .mobileNetV2, width: 0.25, rows: 64, columns: 64),
    ClassifierCase(
      name: "mobilenet_v2_same", backbone: .mobileNetV2, width: 0.35, rows: 49, columns: 70,
      padding: .same),
    ClassifierCase(
      name: "mobilenet_v3_large", backbone: .mobileNetV3Large, width: 0.25, rows: 64,
      columns: 64),
    ClassifierCase(
      name: "mobilenet_v3_small", backbone: .mobileNetV3Small, width: 0.25, rows: 64,
      columns: 64),
    ClassifierCase(
      name: "mobilenet_v3_small_same", backbone: .mobileNetV3Small, width: 0.75, rows: 42,
      columns: 58, padding: .same),
    ClassifierCase(name: "squeezenet1_0", backbone: .squeezeNet1_0, rows: 65, columns: 65),
    ClassifierCase(name: "squeezenet1_1", backbone: .squeezeNet1_1, rows: 65, columns: 82),
    ClassifierCase(
      name: "shufflenet_v2", backbone: .shuffleNetV2, width: 0.5, rows: 64, columns: 74),
    ClassifierCase(name: "shufflenet_v2_x1", backbone: .shuffleNetV2, rows: 49, columns: 66),
    ClassifierCase(
      name: "mobilenet_v1_relu6", backbone: .mobileNetV1ReLU6, width: 0.25, rows: 50, columns: 66,
      padding: .same),
    ClassifierCase(
      name: "squeezenet_simple", backbone: .squeezeNet1_0SimpleBypass, rows: 65, columns: 65),
    ClassifierCase(
      name: "squeezenet_complex", backbone: .squeezeNet1_0ComplexBypass, rows: 65, columns: 65),
    ClassifierCase(
      name: "shufflenet_v1_g1", backbone: .shuffleNetV1Groups1, width: 0.5, rows: 64, columns: 64),
    ClassifierCase(
      name: "shufflenet_v1_g2", backbone: .shuffleNetV1Groups2, width: 0.5, rows: 64, columns: 70),
    ClassifierCase(
      name: "shufflenet_v1_g3", backbone: .shuffleNetV1Groups3, width: 1.5, rows: 49, columns: 66),
    ClassifierCase(
      name: "shufflenet_v1_g4", backbone: .shuffleNetV1Groups4, width: 0.5, rows: 50, columns: 67,
      padding: .same),
    ClassifierCase(
      name: "shufflenet_v1_g8", backbone: .shuffleNetV1Groups8, width: 0.5, rows: 64, columns: 64),
    ClassifierCase(
      name: "shufflenet_v1_g8_x1", backbone: .shuffleNetV1Groups8, rows: 33, columns: 35),
    ClassifierCase(name: "xception", backbone: .xception, width: 0.125, rows: 79, columns: 64),
    ClassifierCase(
      name: "xception_same", backbone: .xception, width: 0.0625, rows: 75, columns: 98,
      padding: .same),
    ClassifierCase(name: "resnet18", backbone: .resNet18, width: 0.25, rows: 64, columns: 64),
    ClassifierCase(name: "resnet34", backbone: .resNet34, width: 0.125, rows: 45, columns: 67),
    ClassifierCase(
      name: "resnet50", backbone: .resNet50, width: 0.125, rows: 50, columns: 66, padding: .same),
    ClassifierCase(name: "resnet101", backbone: .resNet101, width: 0.125, rows: 33, columns: 48),
    ClassifierCase(name: "resnet152", backbone: .resNet152, width: 0.125, rows: 48, columns: 33),
    ClassifierCase(name: "nasnet_mobile", backbone: .nasNetAMobile, rows: 49, columns: 64),
    ClassifierCase(
      name: "nasnet_mobile_same", backbone: .nasNetAMobile, rows: 66, columns: 47, padding: .same),
    ClassifierCase(name: "vgg16", backbone: .vgg16, width: 0.0625, rows: 224, columns: 224),
  ]
}

@Suite struct ClassifierTests {
  @Test(
    "a classifier matches the reference's feature maps and logits", arguments: ClassifierCase.all)
  func classifier(_ item: ClassifierCase) throws {
    try checkNetwork(item.specification.graph(), against: item.name)
  }
}
