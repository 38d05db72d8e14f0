/// The networks that can classify images or extract features for a detector.
public enum BackboneKind: String, Codable, Hashable, Sendable, CaseIterable {
  /// MobileNetV1 (Howard et al. 2017, arXiv:1704.04861).
  case mobileNetV1 = "mobilenet_v1"
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

  /// ShuffleNetV2 (Ma et al. 2018, arXiv:1807.11164).
  case shuffleNetV2 = "shufflenet_v2"

  /// The only width multipliers that there are, or `nil` if any will do.
  package var widths: [Double]? { network.widths }

  /// The declaration that builds it.
  package var network: any BackboneNetwork {
    switch self {
    case .mobileNetV1: MobileNetV1()
    case .mobileNetV2: MobileNetV2()
    case .mobileNetV3Large: MobileNetV3.large
    case .mobileNetV3Small: MobileNetV3.small
    case .squeezeNet1_0: SqueezeNet.version1_0
    case .squeezeNet1_1: SqueezeNet.version1_1
    case .shuffleNetV2: ShuffleNetV2()
    }
  }
}
