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
}
