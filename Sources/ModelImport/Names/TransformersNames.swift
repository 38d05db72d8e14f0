internal import Backbone
internal import Layers

/// The module names of the MobileNets in Hugging Face's `transformers`
/// (`MobileNetV1ForImageClassification`, `MobileNetV2ForImageClassification`), with the conventions
/// of TensorFlow's weights, which they hold.
struct TransformersNames {
  /// Whether the network is a V2.
  private let isV2: Bool

  /// - Returns: `nil` if these are other names.
  init?(_ names: some Collection<String>) {
    if names.contains("mobilenet_v2.conv_stem.first_conv.convolution.weight") {
      isV2 = true
    } else if names.contains("mobilenet_v1.conv_stem.convolution.weight") {
      isV2 = false
    } else {
      return nil
    }
  }

  /// torchvision's path of `layer`, or `nil` if the networks have no such name.
  func canonical(_ layer: String) -> String? {
    if layer == "classifier" { return isV2 ? "classifier.1" : "classifier" }
    let parts = layer.split(separator: ".").map(String.init)
    guard parts.count >= 3, parts[0] == (isV2 ? "mobilenet_v2" : "mobilenet_v1"),
      let part = ["convolution": 0, "normalization": 1][parts[parts.count - 1]]
    else { return nil }
    let path = Array(parts[1..<parts.count - 1])
    return isV2 ? second(path, part) : first(path, part)
  }

  /// V1 has its depthwise and pointwise layers in one list.
  private func first(_ path: [String], _ part: Int) -> String? {
    if path == ["conv_stem"] { return "features.0.\(part)" }
    guard path.count == 2, path[0] == "layer", let number = Int(path[1]), (0..<26).contains(number)
    else { return nil }
    return "features.\(number / 2 + 1).\(number % 2).\(part)"
  }

  /// V2 has the stem and the first block, which doesn't expand, in one module.
  private func second(_ path: [String], _ part: Int) -> String? {
    switch path {
    case ["conv_stem", "first_conv"]: return "features.0.\(part)"
    case ["conv_stem", "conv_3x3"]: return "features.1.conv.0.\(part)"
    case ["conv_stem", "reduce_1x1"]: return "features.1.conv.\(1 + part)"
    case ["conv_1x1"]: return "features.18.\(part)"
    default: break
    }
    guard path.count == 3, path[0] == "layer", let number = Int(path[1]), (0..<16).contains(number)
    else { return nil }
    let block = "features.\(number + 2).conv"
    switch path[2] {
    case "expand_1x1": return "\(block).0.\(part)"
    case "conv_3x3": return "\(block).1.\(part)"
    case "reduce_1x1": return "\(block).\(2 + part)"
    default: return nil
    }
  }

  /// Completes `facts` with TensorFlow's conventions.
  func complete(_ facts: inout ImportFacts) {
    // V1 has ReLU6 in TensorFlow, unlike the paper.
    facts.architecture =
      isV2 ? .mobileNetV2 : ImportArchitecture(rawValue: "mobilenet_v1_relu6") ?? .mobileNetV1
    facts.padding = .same
    facts.batchNormEpsilon = 1e-3
    facts.normalization = .signedUnit
  }
}
