internal import Backbone
internal import SSDLite

/// The networks that weights can be imported for, with their command-line names.
public enum ImportArchitecture: String, Hashable, Sendable, CaseIterable {
  /// MobileNetV1 with its classifier.
  case mobileNetV1 = "mobilenet_v1"
  /// torchvision's `mobilenet_v2`.
  case mobileNetV2 = "mobilenet_v2"
  /// torchvision's `mobilenet_v3_large`.
  case mobileNetV3Large = "mobilenet_v3_large"
  /// torchvision's `mobilenet_v3_small`.
  case mobileNetV3Small = "mobilenet_v3_small"
  /// torchvision's `squeezenet1_0`.
  case squeezeNet1_0 = "squeezenet1_0"
  /// torchvision's `squeezenet1_1`.
  case squeezeNet1_1 = "squeezenet1_1"
  /// torchvision's `shufflenet_v2_x0_5`, `_x1_0`, `_x1_5` and `_x2_0`.
  case shuffleNetV2 = "shufflenet_v2"
  /// torchvision's `ssdlite320_mobilenet_v3_large`.
  case ssdlite320MobileNetV3Large = "ssdlite320_mobilenet_v3_large"
  /// SSDLite on MobileNetV1.
  case ssdliteMobileNetV1 = "ssdlite_mobilenet_v1"
  /// SSDLite on MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381, section 6.2).
  case ssdliteMobileNetV2 = "ssdlite_mobilenet_v2"
  /// SSDLite on MobileNetV3-Large.
  case ssdliteMobileNetV3Large = "ssdlite_mobilenet_v3_large"
  /// SSDLite on MobileNetV3-Small.
  case ssdliteMobileNetV3Small = "ssdlite_mobilenet_v3_small"

  var backbone: BackboneKind {
    switch self {
    case .mobileNetV1, .ssdliteMobileNetV1: .mobileNetV1
    case .mobileNetV2, .ssdliteMobileNetV2: .mobileNetV2
    case .mobileNetV3Large, .ssdliteMobileNetV3Large, .ssdlite320MobileNetV3Large:
      .mobileNetV3Large
    case .mobileNetV3Small, .ssdliteMobileNetV3Small: .mobileNetV3Small
    case .squeezeNet1_0: .squeezeNet1_0
    case .squeezeNet1_1: .squeezeNet1_1
    case .shuffleNetV2: .shuffleNetV2
    }
  }

  var isDetector: Bool { rawValue.hasPrefix("ssdlite") }

  /// Whether a MobileNetV3's last stage is halved, the likelier choice first.
  var reducedTails: [Bool] {
    switch self {
    case .ssdlite320MobileNetV3Large: [true, false]
    case .ssdliteMobileNetV3Large, .ssdliteMobileNetV3Small: [false, true]
    default: [false]
    }
  }

  /// Side of the input if the file does not state it.
  var inputSide: Int {
    switch self {
    case .ssdliteMobileNetV1, .ssdliteMobileNetV2: 300
    case _ where isDetector: 320
    default: 224
    }
  }

  /// PyTorch's default in torchvision's `mobilenet_v2` and `shufflenet_v2`, TensorFlow's 1e-3 in
  /// all other networks with batch norm.
  var batchNormEpsilon: Double { self == .mobileNetV2 || self == .shuffleNetV2 ? 1e-5 : 1e-3 }
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
