internal import Backbone
internal import Layers
internal import SSDLite

/// The layer names of the Caffe port of TensorFlow's MobileNetV2-SSDLite
/// (github.com/chuanqi305/MobileNetv2-SSDLite), which ncnn's conversions keep.
enum CaffeSSDNames {
  /// torchvision's path of `layer`, or `nil` if the port has no such name.
  static func canonical(_ layer: String) -> String? {
    switch layer {
    case "Conv": return "backbone.features.0.0.0"
    case "Conv_1": return "backbone.features.1.4.0"
    case "conv_13/expand": return "backbone.features.0.14.0"
    case "conv_13/depthwise": return "backbone.features.1.0.1.0"
    case "conv_13/project": return "backbone.features.1.0.2"
    default: return head(layer) ?? bottleneck(layer) ?? extra(layer)
    }
  }

  /// Completes `facts` with the port's conventions where the file does not state a value.
  static func complete(_ facts: inout ImportFacts) {
    facts.architecture = .ssdliteMobileNetV2
    facts.normalization = facts.normalization ?? .signedUnit
    facts.padding = facts.padding ?? .same
    let side = facts.inputSize?.height ?? 300
    facts.priors = facts.priors ?? .caffe(.mobileNet(input: side))
    facts.boxCoder = facts.boxCoder ?? BoxCoder()
    facts.scoring = facts.scoring ?? .sigmoid
    facts.iouThreshold = facts.iouThreshold ?? 0.45
  }

  /// The bottlenecks: `conv/depthwise`, `conv_N/expand` and so on.
  ///
  /// torchvision counts the stem, too.
  private static func bottleneck(_ layer: String) -> String? {
    let parts = layer.split(separator: "/")
    guard parts.count == 2 else { return nil }
    if parts[0] == "conv" {
      switch parts[1] {
      case "depthwise": return "backbone.features.0.1.conv.0.0"
      case "project": return "backbone.features.0.1.conv.1"
      default: return nil
      }
    }
    guard parts[0].hasPrefix("conv_"), let number = Int(parts[0].dropFirst(5)),
      (1...16).contains(number), number != 13,
      let position = ["expand": "0.0", "depthwise": "1.0", "project": "2"][parts[1]]
    else { return nil }
    let block = number < 13 ? "0.\(number + 1)" : "1.\(number - 13)"
    return "backbone.features.\(block).conv.\(position)"
  }

  /// `layer_19_1_K`, `layer_19_2_K/depthwise` and `layer_19_2_K`, K from 2 to 5.
  private static func extra(_ layer: String) -> String? {
    for block in 0..<4 {
      switch layer {
      case "layer_19_1_\(block + 2)": return "backbone.extra.\(block).0.0"
      case "layer_19_2_\(block + 2)/depthwise": return "backbone.extra.\(block).1.0"
      case "layer_19_2_\(block + 2)": return "backbone.extra.\(block).2.0"
      default: continue
      }
    }
    return nil
  }

  /// `MAP_mbox_conf/depthwise`, `MAP_mbox_conf`, `MAP_mbox_loc/depthwise` and `MAP_mbox_loc`.
  private static func head(_ layer: String) -> String? {
    let maps = ["conv_13/expand", "Conv_1"] + (2...5).map { "layer_19_2_\($0)" }
    for (index, map) in maps.enumerated() {
      for (suffix, head) in [("conf", "classification"), ("loc", "regression")] {
        let path = "head.\(head)_head.module_list.\(index)"
        if layer == "\(map)_mbox_\(suffix)/depthwise" { return "\(path).0.0" }
        if layer == "\(map)_mbox_\(suffix)" { return "\(path).1" }
      }
    }
    return nil
  }
}
