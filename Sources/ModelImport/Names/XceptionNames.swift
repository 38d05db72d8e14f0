internal import Backbone
internal import Layers

/// The module names of Xception in timm (`legacy_xception`) and in the collections before it.
///
/// A module's layers are numbered with its activations and poolings (`block2.rep.4`); its separable
/// convolutions and their batch norms are at every third number.
enum XceptionNames {
  /// The canonical path of `layer`, or `nil` if there is no such name.
  static func canonical(_ layer: String) -> String? {
    let parts = layer.split(separator: ".").map(String.init)
    switch layer {
    case "conv1", "conv2": return "\(layer).0"
    case "bn1", "bn2": return "conv\(layer.dropFirst(2)).1"
    case "bn3", "bn4": return "conv\(layer.dropFirst(2)).pointwise.1"
    case "conv3.conv1", "conv4.conv1": return "\(parts[0]).depthwise"
    case "conv3.pointwise", "conv4.pointwise": return "\(layer).0"
    case "fc", "last_linear": return "fc"
    default: break
    }
    guard let block = parts.first, block.hasPrefix("block"), parts.count > 1 else { return nil }
    switch parts[1...] {
    case ["skip"]: return "\(block).skip.0"
    case ["skipbn"]: return "\(block).skip.1"
    default: break
    }
    guard parts[1] == "rep", parts.count > 2, let place = Int(parts[2]), (0...8).contains(place)
    else { return nil }
    let path = "\(block).sepconv\(place / 3 + 1)"
    switch parts[3...] {
    case ["conv1"]: return "\(path).depthwise"
    case ["pointwise"]: return "\(path).pointwise.0"
    case []: return "\(path).pointwise.1"
    default: return nil
    }
  }

  /// Completes `facts` with timm's conventions.
  static func complete(_ facts: inout ImportFacts) {
    facts.architecture = .classifier(.xception)
    facts.normalization = facts.normalization ?? .signedUnit
    // timm trains with PyTorch's own epsilon, whatever the network.
    facts.batchNormEpsilon = 1e-5
  }
}
