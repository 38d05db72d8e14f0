/// The module names of timm's MobileNets (`mobilenetv2_100`, `mobilenetv3_large_100`, …).
///
/// timm numbers blocks within each stage (`blocks.2.1`), torchvision in one sequence that includes
/// the stem.
struct TimmNames {
  /// torchvision's number of `blocks.STAGE.BLOCK`.
  private var numbers: [String: Int] = [:]
  /// Blocks that expand their channels; only these have a third convolution, `conv_pwl`.
  private var expanding: Set<String> = []
  /// Blocks with squeeze-and-excitation.
  private var squeezing: Set<String> = []
  /// Whether the network is a V3, as only these have squeeze-and-excitation.
  private let isV3: Bool

  init(_ names: some Collection<String>) {
    var blocks: Set<[Int]> = []
    for name in names {
      let parts = name.split(separator: ".").map(String.init)
      guard parts.count > 4, parts[0] == "blocks", let stage = Int(parts[1]),
        let block = Int(parts[2])
      else { continue }
      blocks.insert([stage, block])
      let path = "blocks.\(stage).\(block)"
      if parts[3] == "conv_pwl" { expanding.insert(path) }
      if parts[3] == "se" { squeezing.insert(path) }
    }
    for (index, block) in blocks.sorted(by: { ($0[0], $0[1]) < ($1[0], $1[1]) }).enumerated() {
      numbers["blocks.\(block[0]).\(block[1])"] = index + 1
    }
    isV3 = !squeezing.isEmpty
  }

  /// torchvision's path of `layer`, or `nil` if timm has no such name.
  func canonical(_ layer: String) -> String? {
    let last = numbers.count + 1
    switch layer {
    case "conv_stem": return "features.0.0"
    case "bn1": return "features.0.1"
    case "conv_head": return isV3 ? "classifier.0" : "features.\(last).0"
    case "bn2": return isV3 ? nil : "features.\(last).1"
    case "classifier": return isV3 ? "classifier.3" : "classifier.1"
    default: return blockLayer(layer)
    }
  }

  private func blockLayer(_ layer: String) -> String? {
    let parts = layer.split(separator: ".").map(String.init)
    guard parts.count >= 4 else { return nil }
    let path = parts[..<3].joined(separator: ".")
    guard let number = numbers[path] else { return nil }
    let rest = parts[3...].joined(separator: ".")
    let module = "features.\(number)"
    // The last stage of a V3 is one convolution.
    if rest == "conv" { return "\(module).0" }
    if rest == "bn1", number == numbers.count, isV3 { return "\(module).1" }
    let depthwise = expanding.contains(path) ? 1 : 0
    let project = depthwise + (squeezing.contains(path) ? 2 : 1)
    switch (rest, depthwise) {
    case ("conv_pw", 1): return at(module, 0, 0)
    case ("bn1", 1): return at(module, 0, 1)
    case ("conv_dw", _): return at(module, depthwise, 0)
    case ("bn2", 1), ("bn1", 0): return at(module, depthwise, 1)
    case ("se.conv_reduce", _): return "\(module).block.\(depthwise + 1).fc1"
    case ("se.conv_expand", _): return "\(module).block.\(depthwise + 1).fc2"
    case ("conv_pwl", 1), ("conv_pw", 0): return projection(module, project, 0)
    case ("bn3", 1), ("bn2", 0): return projection(module, project, 1)
    default: return nil
    }
  }

  private func at(_ module: String, _ position: Int, _ part: Int) -> String {
    "\(module).\(isV3 ? "block" : "conv").\(position).\(part)"
  }

  /// V3 keeps the last convolution and its norm in a list of their own; V2 does not.
  private func projection(_ module: String, _ position: Int, _ part: Int) -> String {
    isV3 ? at(module, position, part) : "\(module).conv.\(position + part)"
  }
}
