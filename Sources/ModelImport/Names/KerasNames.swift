internal import Backbone
internal import Layers
internal import Models

/// The layer names of Xception, MobileNet (V1) and MobileNetV2 in `keras.applications`, with the
/// conventions of Keras.
///
/// A weight's path has the layer's name somewhere before the weight's own: `block1_conv1/kernel`,
/// or with what files add, `model_weights/block1_conv1/block1_conv1_1/kernel:0`.
struct KerasNames {
  private enum Network {
    case xception, mobileNet, mobileNetV2
  }

  private let network: Network
  /// The names that Keras numbered itself, in the order of the network: the shortcuts of Xception.
  private let shortcuts: [String]
  private let shortcutNorms: [String]

  /// - Returns: `nil` if these are other names.
  init?(_ names: some Collection<String>) {
    let parts = Set(names.lazy.flatMap(Self.parts))
    if parts.contains("block2_sepconv1") {
      network = .xception
    } else if parts.contains("conv_dw_1"), parts.contains("kernel") {
      network = .mobileNet
    } else if parts.contains("expanded_conv_depthwise"), parts.contains("kernel") {
      network = .mobileNetV2
    } else {
      return nil
    }
    shortcuts = Self.numbered(parts, ["conv2d", "convolution2d"])
    shortcutNorms = Self.numbered(parts, ["batch_normalization", "batchnormalization"])
  }

  /// The parts of a weight's path, without the output's number.
  private static func parts(_ name: String) -> [String] {
    let end = name.hasSuffix(":0") ? name.dropLast(2) : name[...]
    return end.split { $0 == "/" || $0 == "." }.map(String.init)
  }

  /// The names that are one of `stems` with a number or without, by number.
  private static func numbered(_ parts: Set<String>, _ stems: [String]) -> [String] {
    var found: [(number: Int, name: String)] = []
    for part in parts {
      for stem in stems {
        if part == stem { found.append((0, part)) }
        guard part.hasPrefix("\(stem)_"), let number = Int(part.dropFirst(stem.count + 1)) else {
          continue
        }
        found.append((number, part))
      }
    }
    return found.sorted { $0.number < $1.number }.map(\.name)
  }

  /// The tensor's name in torchvision's module paths or ours, and the order of its axes there.
  ///
  /// - Returns: `nil` if the network has no such tensor.
  func canonical(_ name: String, rank: Int) -> (name: String, axes: [Int])? {
    let parts = Self.parts(name)
    guard let variable = parts.last,
      let place = parts.dropLast().lazy.compactMap(place).first
    else { return nil }
    let same = Array(0..<rank)
    // [height, width, in, out] becomes [out, in, height, width].
    let convolution = rank == 4 ? [3, 2, 0, 1] : rank == 2 ? [1, 0] : same
    // [height, width, channels, 1] becomes [channels, 1, height, width].
    let depthwise = rank == 4 ? [2, 3, 0, 1] : same
    switch (place, variable) {
    case (.norm(let path), "gamma"): return ("\(path).weight", same)
    case (.norm(let path), "beta"): return ("\(path).bias", same)
    case (.norm(let path), "moving_mean"): return ("\(path).running_mean", same)
    case (.norm(let path), "moving_variance"): return ("\(path).running_var", same)
    case (.convolution(let path), "kernel"): return ("\(path).weight", convolution)
    case (.convolution(let path), "bias"): return ("\(path).bias", same)
    case (.depthwise(let path), "kernel"), (.depthwise(let path), "depthwise_kernel"):
      return ("\(path).weight", depthwise)
    case (.separable(let path), "depthwise_kernel"):
      return ("\(path).depthwise.weight", depthwise)
    case (.separable(let path), "pointwise_kernel"):
      return ("\(path).pointwise.0.weight", convolution)
    default: return nil
    }
  }

  /// What a layer is, and its path.
  private enum Place {
    case convolution(String), depthwise(String), separable(String), norm(String)
  }

  private func place(_ layer: String) -> Place? {
    switch network {
    case .xception: xception(layer)
    case .mobileNet: mobileNet(layer)
    case .mobileNetV2: mobileNetV2(layer)
    }
  }

  /// Blocks 2 to 13 are the modules, 14 the two separable convolutions behind them.
  private func xception(_ layer: String) -> Place? {
    let owners = ["block1", "block2", "block3", "block12"]
    if let index = shortcuts.firstIndex(of: layer), owners.indices.contains(index) {
      return .convolution("\(owners[index]).skip.0")
    }
    if let index = shortcutNorms.firstIndex(of: layer), owners.indices.contains(index) {
      return .norm("\(owners[index]).skip.1")
    }
    if layer == "predictions" { return .convolution("fc") }
    var parts = layer.split(separator: "_").map(String.init)
    let isNorm = parts.last == "bn"
    if isNorm { parts.removeLast() }
    guard parts.count == 2, let block = Self.number(parts[0], after: "block") else { return nil }
    if let number = Self.number(parts[1], after: "conv"), block == 1, (1...2).contains(number) {
      return isNorm ? .norm("conv\(number).1") : .convolution("conv\(number).0")
    }
    guard let number = Self.number(parts[1], after: "sepconv"), (1...3).contains(number),
      (2...14).contains(block)
    else { return nil }
    let path = block == 14 ? "conv\(number + 2)" : "block\(block - 1).sepconv\(number)"
    return isNorm ? .norm("\(path).pointwise.1") : .separable(path)
  }

  private func mobileNet(_ layer: String) -> Place? {
    switch layer {
    case "conv1": return .convolution("features.0.0")
    case "conv1_bn": return .norm("features.0.1")
    case "conv_preds", "predictions": return .convolution("classifier")
    default: break
    }
    let parts = layer.split(separator: "_").map(String.init)
    guard parts.count >= 3, parts[0] == "conv", let number = Int(parts[2]),
      (1...13).contains(number)
    else { return nil }
    switch (parts[1], parts[3...]) {
    case ("dw", []): return .depthwise("features.\(number).0.0")
    case ("dw", ["bn"]): return .norm("features.\(number).0.1")
    case ("pw", []): return .convolution("features.\(number).1.0")
    case ("pw", ["bn"]): return .norm("features.\(number).1.1")
    default: return nil
    }
  }

  /// The first block, which doesn't expand, is `expanded_conv`, the others are `block_1` to 16.
  private func mobileNetV2(_ layer: String) -> Place? {
    switch layer {
    case "Conv1": return .convolution("features.0.0")
    case "bn_Conv1": return .norm("features.0.1")
    case "Conv_1": return .convolution("features.18.0")
    case "Conv_1_bn": return .norm("features.18.1")
    case "predictions", "Logits": return .convolution("classifier.1")
    default: break
    }
    let parts = layer.split(separator: "_").map(String.init)
    guard parts.count >= 3 else { return nil }
    let block: Int
    switch (parts[0], parts[1]) {
    case ("expanded", "conv"): block = 0
    case ("block", let text):
      guard let number = Int(text), (1...16).contains(number) else { return nil }
      block = number
    default: return nil
    }
    let path = "features.\(block + 1).conv"
    let first = block == 0 ? 0 : 1
    switch parts[2...] {
    case ["expand"] where block > 0: return .convolution("\(path).0.0")
    case ["expand", "BN"] where block > 0: return .norm("\(path).0.1")
    case ["depthwise"]: return .depthwise("\(path).\(first).0")
    case ["depthwise", "BN"]: return .norm("\(path).\(first).1")
    case ["project"]: return .convolution("\(path).\(first + 1)")
    case ["project", "BN"]: return .norm("\(path).\(first + 2)")
    default: return nil
    }
  }

  private static func number(_ text: String, after stem: String) -> Int? {
    text.hasPrefix(stem) ? Int(text.dropFirst(stem.count)) : nil
  }

  /// Completes `facts` with Keras's conventions.
  func complete(_ facts: inout ImportFacts) {
    // MobileNet has ReLU6 in Keras, unlike the paper.
    facts.architecture =
      switch network {
      case .xception: .classifier(.xception)
      case .mobileNet: .classifier(.mobileNetV1ReLU6)
      case .mobileNetV2: .mobileNetV2
      }
    facts.padding = .same
    facts.batchNormEpsilon = 1e-3
    facts.normalization = .signedUnit
  }
}
