/// The networks that can classify images or extract features for a detector.
public enum BackboneKind: String, Codable, Hashable, Sendable, CaseIterable {
  /// MobileNetV1 (Howard et al. 2017, arXiv:1704.04861).
  case mobileNetV1 = "mobilenet_v1"
  /// MobileNetV1 with ReLU6, as in TensorFlow's release.
  case mobileNetV1ReLU6 = "mobilenet_v1_relu6"
  /// MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381).
  case mobileNetV2 = "mobilenet_v2"
  /// MobileNetV3-Large (Howard et al. 2019, arXiv:1905.02244).
  case mobileNetV3Large = "mobilenet_v3_large"
  /// MobileNetV3-Small (Howard et al. 2019, arXiv:1905.02244).
  case mobileNetV3Small = "mobilenet_v3_small"
  /// SqueezeNet as in the paper (Iandola et al. 2016, arXiv:1602.07360).
  case squeezeNet1_0 = "squeezenet1_0"
  /// SqueezeNet of the authors' second release, 2.4 times cheaper.
  case squeezeNet1_1 = "squeezenet1_1"
  /// SqueezeNet 1.0 with simple bypass (the paper's section 6).
  case squeezeNet1_0SimpleBypass = "squeezenet1_0_simple_bypass"
  /// SqueezeNet 1.0 with complex bypass (the paper's section 6).
  case squeezeNet1_0ComplexBypass = "squeezenet1_0_complex_bypass"
  /// ShuffleNet with one group (Zhang et al. 2017, arXiv:1707.01083).
  case shuffleNetV1Groups1 = "shufflenet_v1_g1"
  /// ShuffleNet with two groups.
  case shuffleNetV1Groups2 = "shufflenet_v1_g2"
  /// ShuffleNet with three groups.
  case shuffleNetV1Groups3 = "shufflenet_v1_g3"
  /// ShuffleNet with four groups.
  case shuffleNetV1Groups4 = "shufflenet_v1_g4"
  /// ShuffleNet with eight groups.
  case shuffleNetV1Groups8 = "shufflenet_v1_g8"
  /// ShuffleNetV2 (Ma et al. 2018, arXiv:1807.11164).
  case shuffleNetV2 = "shufflenet_v2"
  /// Xception (Chollet 2017, arXiv:1610.02357).
  case xception
  /// ResNet-18 (He et al. 2015, arXiv:1512.03385).
  case resNet18 = "resnet18"
  /// ResNet-34.
  case resNet34 = "resnet34"
  /// ResNet-50.
  case resNet50 = "resnet50"
  /// ResNet-101.
  case resNet101 = "resnet101"
  /// ResNet-152.
  case resNet152 = "resnet152"
  /// NASNet-A Mobile (Zoph et al. 2018, arXiv:1707.07012).
  case nasNetAMobile = "nasnet_mobile"
  /// VGG-16 (Simonyan and Zisserman 2014, arXiv:1409.1556).
  case vgg16

  /// The only width multipliers that there are, or `nil` if any will do.
  package var widths: [Double]? { network.widths }

  /// Whether weights are published at other widths than 1.
  package var hasScaledReleases: Bool { network.hasScaledReleases }

  /// Whether an SSD with extra blocks of any style can be built on it.
  package var hasDetector: Bool {
    switch network.detectorCut {
    case nil, .own: false
    case .after, .afterExpansion, .afterModule: true
    }
  }

  /// Side of the input, in pixels, at which the network is published.
  package var inputSide: Int { network.inputSide }

  /// The declaration that builds it.
  package var network: any BackboneNetwork {
    switch self {
    case .mobileNetV1: MobileNetV1.paper
    case .mobileNetV1ReLU6: MobileNetV1.tensorFlow
    case .mobileNetV2: MobileNetV2()
    case .mobileNetV3Large: MobileNetV3.large
    case .mobileNetV3Small: MobileNetV3.small
    case .squeezeNet1_0: SqueezeNet.version1_0
    case .squeezeNet1_1: SqueezeNet.version1_1
    case .squeezeNet1_0SimpleBypass: SqueezeNet.simpleBypass
    case .squeezeNet1_0ComplexBypass: SqueezeNet.complexBypass
    case .shuffleNetV1Groups1: ShuffleNetV1(groups: 1)
    case .shuffleNetV1Groups2: ShuffleNetV1(groups: 2)
    case .shuffleNetV1Groups3: ShuffleNetV1(groups: 3)
    case .shuffleNetV1Groups4: ShuffleNetV1(groups: 4)
    case .shuffleNetV1Groups8: ShuffleNetV1(groups: 8)
    case .shuffleNetV2: ShuffleNetV2()
    case .xception: Xception()
    case .resNet18: ResNet(layers: 18)
    case .resNet34: ResNet(layers: 34)
    case .resNet50: ResNet(layers: 50)
    case .resNet101: ResNet(layers: 101)
    case .resNet152: ResNet(layers: 152)
    case .nasNetAMobile: NASNet()
    case .vgg16: VGG()
    }
  }
}
