internal import Models
internal import Layers

/// Elementwise operators.
extension ONNXConverter {
  mutating func activation(
    _ node: ONNXNode, _ activation: Activation
  ) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    if let name = node.input(0), let numbers = openConvolution(name, x) {
      activate(x, numbers, activation)
      return x
    }
    return appendFunction(hint(node), .activation(activation), x)
  }

  mutating func clip(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let lower = try number(node, "min", 1) ?? -.infinity
    let upper = try number(node, "max", 2) ?? .infinity
    let largest = Double(Float.greatestFiniteMagnitude)
    if lower == 0 {
      if upper == 6 { return try activation(node, .relu6) }
      if upper >= largest { return try activation(node, .relu) }
    }
    guard lower <= upper else {
      throw fault(node, "has a lower bound of \(lower) and an upper bound of \(upper)")
    }
    let function = ElementFunction.clamp(
      lower: Float(max(lower, -largest)), upper: Float(min(upper, largest)))
    return appendFunction(hint(node), function, try tensor(node, 0))
  }

  mutating func hardSigmoid(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let alpha = node.float("alpha") ?? 0.2
    let beta = node.float("beta") ?? 0.5
    if abs(alpha - 1.0 / 6) < 1e-6, beta == 0.5 { return try activation(node, .hardSigmoid) }
    var x = try tensor(node, 0)
    if let channels = channels(of: x) {
      x = try affine(
        node, x, [Double](repeating: alpha, count: channels),
        [Double](repeating: beta, count: channels))
    } else {
      x = try combine(node, .multiply, x, ConstantTensor(alpha), isFirst: true)
      x = try combine(node, .add, x, ConstantTensor(beta), isFirst: true)
    }
    return appendFunction(hint(node), .clamp(lower: 0, upper: 1), x)
  }

  // MARK: Arithmetic

  mutating func arithmetic(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    guard node.inputs.count == 2 else {
      throw fault(node, "has \(node.inputs.count) inputs instead of 2", code: .wrongShape)
    }
    let operation: Operator =
      switch node.type {
      case "Add": .add
      case "Sub": .subtract
      case "Mul": .multiply
      default: .divide
      }
    if let constant = constants[node.inputs[1]] {
      return try combine(node, operation, tensor(node, 0), constant, isFirst: true)
    }
    if let constant = constants[node.inputs[0]] {
      return try combine(node, operation, tensor(node, 1), constant, isFirst: false)
    }
    let (a, b) = (try tensor(node, 0), try tensor(node, 1))
    let name = hint(node)
    // Reshaping that is pending on both sides alike can stay pending.
    if a.shape == b.shape, let shape = shapes[a.value], shape == shapes[b.value] {
      return Tensor(value: append(name, operation, [a.value, b.value], shape), shape: a.shape)
    }
    guard let shape = broadcastShape(a.shape, b.shape) else {
      throw fault(
        node, "combines \(a.shape) and \(b.shape), which do not broadcast", code: .wrongShape)
    }
    let inputs = [settled(a, name), settled(b, name)]
    return Tensor(value: append(name, operation, inputs, shape), shape: shape)
  }

  /// Combines `x` with a constant; `isFirst` if `x` is the left operand.
  private mutating func combine(
    _ node: ONNXNode, _ operation: Operator, _ x: Tensor, _ constant: ConstantTensor, isFirst: Bool
  ) throws(ModelFileError) -> Tensor {
    if let channels = channels(of: x), let numbers = perChannel(constant, x, channels) {
      let ones = [Double](repeating: 1, count: channels)
      let zeros = [Double](repeating: 0, count: channels)
      switch (operation, isFirst) {
      case (.add, _): return try affine(node, x, ones, numbers)
      case (.subtract, true): return try affine(node, x, ones, numbers.map { -$0 })
      case (.subtract, false): return try affine(node, x, ones.map { -$0 }, numbers)
      case (.multiply, _): return try affine(node, x, numbers, zeros)
      case (.divide, true) where numbers.allSatisfy({ $0 != 0 }):
        return try affine(node, x, numbers.map { 1 / $0 }, zeros)
      default: break
      }
    }
    guard let shape = broadcastShape(x.shape, constant.shape) else {
      throw fault(
        node, "combines \(x.shape) and \(constant.shape), which do not broadcast",
        code: .wrongShape)
    }
    let name = hint(node)
    let other = try store(constant, "\(name).constant")
    let value = settled(x, name)
    return Tensor(
      value: append(name, operation, isFirst ? [value, other] : [other, value], shape),
      shape: shape)
  }

  /// The constant as one value per channel of `x`, or `nil` if it has more.
  private func perChannel(
    _ constant: ConstantTensor, _ x: Tensor, _ channels: Int
  ) -> [Double]? {
    var shape = [Int](repeating: 1, count: x.shape.count)
    shape[1] = channels
    guard constant.shape.count <= shape.count else { return nil }
    return constant.broadcast(to: shape)?.values
  }
}
