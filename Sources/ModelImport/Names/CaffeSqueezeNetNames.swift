internal import Layers

/// The layer names of the SqueezeNet releases for Caffe (github.com/forresti/SqueezeNet).
struct CaffeSqueezeNetNames {
  /// Whether this is release 1.0, whose pooling comes later.
  let isFirstRelease: Bool

  /// torchvision's path of `layer`, or `nil` if the release has no such name.
  func canonical(_ layer: String) -> String? {
    if layer == "conv1" { return "features.0" }
    if layer == "conv10" { return "classifier.1" }
    let parts = layer.split(separator: "/")
    guard parts.count == 2, parts[0].hasPrefix("fire"), let number = Int(parts[0].dropFirst(4)),
      (2...9).contains(number),
      let module = [
        "squeeze1x1": "squeeze", "expand1x1": "expand1x1", "expand3x3": "expand3x3",
      ][parts[1]]
    else { return nil }
    // torchvision's numbering includes the preceding pools.
    let pools = isFirstRelease ? [5, 9] : [4, 6]
    return "features.\(number + 1 + pools.count { number >= $0 }).\(module)"
  }

  /// Completes `facts` with Caffe's conventions.
  func complete(_ facts: inout ImportFacts) {
    facts.architecture = isFirstRelease ? .squeezeNet1_0 : .squeezeNet1_1
    facts.inputSize = facts.inputSize ?? (227, 227)
    facts.normalization =
      facts.normalization
      ?? Normalization(order: .bgr, mean: [104, 117, 123], scale: [1, 1, 1])
  }
}
