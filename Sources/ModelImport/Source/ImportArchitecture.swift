public import Backbone

/// The networks that weights can be imported for, with their command-line names.
public enum ImportArchitecture: Hashable, Sendable {
  /// A network with its classifier, named like the network.
  case classifier(BackboneKind)
  /// torchvision's `ssdlite320_mobilenet_v3_large`.
  case ssdlite320MobileNetV3Large
  /// SSDLite on a network, `ssdlite_` and the network's name (Sandler et al. 2018,
  /// arXiv:1801.04381, section 6.2).
  case ssdlite(BackboneKind)

  var backbone: BackboneKind {
    switch self {
    case .classifier(let backbone), .ssdlite(let backbone): backbone
    case .ssdlite320MobileNetV3Large: .mobileNetV3Large
    }
  }

  var isDetector: Bool {
    if case .classifier = self { false } else { true }
  }

  /// Whether a MobileNetV3's last stage is halved, the likelier choice first.
  var reducedTails: [Bool] {
    switch self {
    case .ssdlite320MobileNetV3Large: [true, false]
    case .ssdlite(.mobileNetV3Large), .ssdlite(.mobileNetV3Small): [false, true]
    default: [false]
    }
  }

  /// Side of the input if the file does not state it.
  var inputSide: Int {
    switch self {
    case .classifier(let backbone): backbone.inputSide
    case .ssdlite(.mobileNetV1), .ssdlite(.mobileNetV1ReLU6), .ssdlite(.mobileNetV2): 300
    case .ssdlite, .ssdlite320MobileNetV3Large: 320
    }
  }

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
    BackboneKind.allCases.map(Self.classifier) + [.ssdlite320MobileNetV3Large]
    + BackboneKind.allCases.filter(\.hasDetector).map(Self.ssdlite)

  /// The command-line name.
  public var rawValue: String {
    switch self {
    case .classifier(let backbone): backbone.rawValue
    case .ssdlite320MobileNetV3Large: "ssdlite320_mobilenet_v3_large"
    case .ssdlite(let backbone): "ssdlite_\(backbone.rawValue)"
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
  package static let ssdliteMobileNetV2 = Self.ssdlite(.mobileNetV2)
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
