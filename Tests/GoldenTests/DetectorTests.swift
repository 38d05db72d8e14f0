import Backbone
import SSDLite
import Testing

@Suite struct DetectorTests {
  @Test("torchvision's SSDLite matches the reference's feature maps, logits and codes")
  func torchvision() throws {
    let specification = SSDLiteSpecification(
      backbone: .mobileNetV3Large, reducedTail: true, classes: 4, inputHeight: 96, inputWidth: 96,
      padding: .even, priors: .torchvision(TorchvisionPriors()), scoring: .softmax)
    try checkNetwork(specification.graph(), against: "ssdlite_mobilenet_v3_large")
  }

  @Test("the paper's SSDLite with SAME padding matches the reference's maps, logits and codes")
  func tensorFlow() throws {
    let specification = SSDLiteSpecification.tensorFlow(
      backbone: .mobileNetV2, classes: 4, inputHeight: 100, inputWidth: 84)
    try checkNetwork(specification.graph(), against: "ssdlite_mobilenet_v2_same")
  }

  @Test("torchvision's SSD300 on VGG-16 matches the reference's maps, logits and codes")
  func vgg() throws {
    var specification = SSDLiteSpecification.torchvisionVGG16(widthMultiplier: 0.0625, classes: 4)
    (specification.inputHeight, specification.inputWidth) = (268, 271)
    try checkNetwork(specification.graph(), against: "ssd300_vgg16")
  }

  @Test(
    "other styles of extra blocks and heads match the reference's maps, logits and codes",
    arguments: [SSDStyle.full, .fullExtras, .separableExtras])
  func styles(_ style: SSDStyle) throws {
    var specification = SSDLiteSpecification.tensorFlow(
      backbone: .mobileNetV1ReLU6, widthMultiplier: 0.25, classes: 4, inputHeight: 67,
      inputWidth: 84, style: style)
    specification.extraChannels = [512, 256, 256, 128]
    try checkNetwork(specification.graph(), against: "\(style.rawValue)_mobilenet_v1")
  }
}
