public import Backbone
internal import Layers
public import SSDLite

/// The networks that weights can be imported for, with their command-line names.
public enum ImportArchitecture: Hashable, Sendable {
  /// A network with its classifier, named like the network.
  case classifier(BackboneKind)
  /// torchvision's `ssdlite320_mobilenet_v3_large`.
  case ssdlite320MobileNetV3Large
  /// torchvision's `ssd300_vgg16`.
  case ssd300VGG16
  /// torchvision's `lraspp_mobilenet_v3_large`.
  case lrasppMobileNetV3Large
  /// An SSD on a network; its name is that of the style and the network's, such as
  /// `ssdlite_mobilenet_v2`.
  case ssd(SSDStyle, BackboneKind)

  var backbone: BackboneKind {
    switch self {
    case .classifier(let backbone), .ssd(_, let backbone): backbone
    case .ssdlite320MobileNetV3Large, .lrasppMobileNetV3Large: .mobileNetV3Large
    case .ssd300VGG16: .vgg16
    }
  }

  var isDetector: Bool {
    switch self {
    case .classifier, .lrasppMobileNetV3Large: false
    case .ssdlite320MobileNetV3Large, .ssd300VGG16, .ssd: true
    }
  }

  /// The convolutions of a detector's extra blocks and heads.
  var style: SSDStyle {
    switch self {
    case .ssd(let style, _): style
    case .ssd300VGG16: .full
    case .classifier, .ssdlite320MobileNetV3Large, .lrasppMobileNetV3Large: .separable
    }
  }

  /// Whether it gives each pixel a class.
  package var isSegmenter: Bool { self == .lrasppMobileNetV3Large }

  /// Whether a MobileNetV3's last stage is halved, the likelier choice first.
  var reducedTails: [Bool] {
    switch self {
    case .ssdlite320MobileNetV3Large: [true, false]
    case .ssd(_, .mobileNetV3Large), .ssd(_, .mobileNetV3Small): [false, true]
    default: [false]
    }
  }

  /// Side of the input if the file does not state it.
  var inputSide: Int {
    switch self {
    case .classifier(let backbone): backbone.inputSide
    case .ssd(_, .mobileNetV1), .ssd(_, .mobileNetV1ReLU6), .ssd(_, .mobileNetV2), .ssd300VGG16: 300
    case .ssd, .ssdlite320MobileNetV3Large: 320
    case .lrasppMobileNetV3Large: 520
    }
  }

  /// How pixels become the input if the file does not state it.
  var normalization: Normalization {
    switch self {
    case .classifier(.xception): .signedUnit
    case .classifier, .lrasppMobileNetV3Large: .imageNet
    case .ssd300VGG16: Normalization(order: .rgb, mean: Self.vggMean, scale: [1, 1, 1])
    case .ssd, .ssdlite320MobileNetV3Large: .signedUnit
    }
  }

  /// The mean colour that torchvision's SSD300 subtracts, as fractions of 255.
  private static let vggMean = [0.48235, 0.45882, 0.40784].map { Float($0 * 255) }

  /// The epsilon of the batch norms in the network's reference implementation: PyTorch's default or
  /// TensorFlow's.
  var batchNormEpsilon: Double {
    guard case .classifier(let backbone) = self else { return 1e-3 }
    return switch backbone {
    case .mobileNetV2, .shuffleNetV1Groups1, .shuffleNetV1Groups2, .shuffleNetV1Groups3,
      .shuffleNetV1Groups4, .shuffleNetV1Groups8, .shuffleNetV2, .resNet18, .resNet34, .resNet50,
      .resNet101, .resNet152:
      1e-5
    default: 1e-3
    }
  }
}

extension ImportArchitecture: RawRepresentable, CaseIterable {
  /// All networks; of several with the same tensors, the first is the one that a file is taken for.
  public static let allCases =
    BackboneKind.allCases.map(Self.classifier) + [
      .ssdlite320MobileNetV3Large, .ssd300VGG16, .lrasppMobileNetV3Large,
    ]
    + SSDStyle.allCases.flatMap { style in
      BackboneKind.allCases.filter(\.hasDetector).map { .ssd(style, $0) }
    }

  /// The command-line name.
  public var rawValue: String {
    switch self {
    case .classifier(let backbone): backbone.rawValue
    case .ssdlite320MobileNetV3Large: "ssdlite320_mobilenet_v3_large"
    case .ssd300VGG16: "ssd300_vgg16"
    case .lrasppMobileNetV3Large: "lraspp_mobilenet_v3_large"
    case .ssd(let style, let backbone): "\(style.rawValue)_\(backbone.rawValue)"
    }
  }

  /// The network with this command-line name, if there is one.
  public init?(rawValue: String) {
    guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = known
  }
}

extension ImportArchitecture {
  /// MobileNetV1 with its classifier.
  package static let mobileNetV1 = Self.classifier(.mobileNetV1)
  /// torchvision's `mobilenet_v2`.
  package static let mobileNetV2 = Self.classifier(.mobileNetV2)
  /// torchvision's `mobilenet_v3_large`.
  package static let mobileNetV3Large = Self.classifier(.mobileNetV3Large)
  /// torchvision's `mobilenet_v3_small`.
  package static let mobileNetV3Small = Self.classifier(.mobileNetV3Small)
  /// torchvision's `squeezenet1_0`.
  package static let squeezeNet1_0 = Self.classifier(.squeezeNet1_0)
  /// torchvision's `squeezenet1_1`.
  package static let squeezeNet1_1 = Self.classifier(.squeezeNet1_1)
  /// torchvision's `shufflenet_v2_x0_5`, `_x1_0`, `_x1_5` and `_x2_0`.
  package static let shuffleNetV2 = Self.classifier(.shuffleNetV2)
  /// SSDLite on MobileNetV2.
  package static let ssdliteMobileNetV2 = Self.ssd(.separable, .mobileNetV2)
}

/// The rules that place priors, with their command-line names.
public enum PriorRule: String, Hashable, Sendable, CaseIterable {
  /// torchvision's `DefaultBoxGenerator`.
  case torchvision
  /// The TensorFlow Object Detection API's `create_ssd_anchors`.
  case tensorflow
  /// Caffe's `PriorBox` layers, as the MobileNet SSDs set them.
  case caffe
}
