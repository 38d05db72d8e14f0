/// Finds hard-sigmoid and hard-swish that exporters wrote as several operators, and replaces the
/// last of them by a single one.
///
/// `clip(x + 3, 0, 6) / 6` is a hard-sigmoid of x, and x times that is a hard-swish (Howard et al.
/// 2019, arXiv:1905.02244, section 5.2), in any order of the operands.
struct ActivationPatterns {
  private var producers: [String: Int] = [:]
  private let scalar: (String) -> Double?
  private let nodes: [ONNXNode]

  /// `scalar` returns the value of a tensor that is constant and has a single element.
  init(_ nodes: [ONNXNode], scalar: @escaping (String) -> Double?) {
    self.nodes = nodes
    self.scalar = scalar
    for (index, node) in nodes.enumerated() {
      for output in node.outputs { producers[output] = index }
    }
  }

  /// The rewritten operators; some may no longer be read.
  func rewritten() -> [ONNXNode] {
    nodes.map { node in
      if let x = hardSwish(node) { return replaced(node, "HardSwish", x) }
      if let x = hardSigmoid(node) {
        var result = replaced(node, "HardSigmoid", x)
        result.attributes = ["alpha": .float(1.0 / 6), "beta": .float(0.5)]
        return result
      }
      return node
    }
  }

  private func replaced(_ node: ONNXNode, _ type: String, _ x: String) -> ONNXNode {
    var result = node
    result.type = type
    result.inputs = [x]
    result.attributes = [:]
    return result
  }

  private func producer(_ name: String, _ type: String) -> ONNXNode? {
    producers[name].flatMap { nodes[$0].type == type ? nodes[$0] : nil }
  }

  /// x, if `name` is `clip(x + 3, 0, 6)`.
  private func shiftedClip(_ name: String) -> String? {
    guard let clip = producer(name, "Clip"), bounds(clip) == (0, 6), let sum = clip.input(0),
      let add = producer(sum, "Add"), add.inputs.count == 2
    else { return nil }
    if scalar(add.inputs[1]) == 3 { return add.inputs[0] }
    return scalar(add.inputs[0]) == 3 ? add.inputs[1] : nil
  }

  private func bounds(_ clip: ONNXNode) -> (Double, Double) {
    func bound(_ key: String, _ index: Int) -> Double {
      if case .float(let value) = clip.attributes[key] { return Double(value) }
      return clip.input(index).flatMap(scalar) ?? .nan
    }
    return (bound("min", 1), bound("max", 2))
  }

  /// The operand that `node` divides by six, if it does.
  private func sixfold(_ node: ONNXNode) -> String? {
    guard node.inputs.count == 2 else { return nil }
    if node.type == "Div", scalar(node.inputs[1]) == 6 { return node.inputs[0] }
    guard node.type == "Mul" else { return nil }
    for (factor, other) in [(1, 0), (0, 1)] {
      if let value = scalar(node.inputs[factor]), abs(value - 1.0 / 6) < 1e-6 {
        return node.inputs[other]
      }
    }
    return nil
  }

  /// x, if `node` is a hard-sigmoid of x.
  private func hardSigmoid(_ node: ONNXNode) -> String? {
    if node.type == "HardSigmoid" {
      func number(_ key: String, _ defaultValue: Float) -> Float {
        if case .float(let value) = node.attributes[key] { value } else { defaultValue }
      }
      let isStandard = abs(number("alpha", 0.2) - 1.0 / 6) < 1e-6 && number("beta", 0.5) == 0.5
      return isStandard ? node.input(0) : nil
    }
    return sixfold(node).flatMap(shiftedClip)
  }

  /// x, if `node` is a hard-swish of x.
  private func hardSwish(_ node: ONNXNode) -> String? {
    // x * clip(x + 3, 0, 6), divided by six afterwards.
    if let product = sixfold(node), let mul = producer(product, "Mul") {
      if let x = factor(of: mul, shiftedClip) { return x }
    }
    guard node.type == "Mul" else { return nil }
    return factor(of: node) { name in producers[name].flatMap { hardSigmoid(nodes[$0]) } }
  }

  /// The factor that the other factor is a function of, according to `source`.
  private func factor(of mul: ONNXNode, _ source: (String) -> String?) -> String? {
    guard mul.inputs.count == 2 else { return nil }
    for (x, other) in [(0, 1), (1, 0)] where source(mul.inputs[other]) == mul.inputs[x] {
      return mul.inputs[x]
    }
    return nil
  }
}
