internal import Models
internal import Layers

/// Operators with windows, and those that are folded into them.
extension FrozenConverter {
  mutating func convolution(_ node: FrozenNode) throws {
    try requireChannelsLast(node)
    let isDepthwise = node.operation == "DepthwiseConv2dNative"
    var kernel = try constant(node, 1)
    guard kernel.shape.count == 4, kernel.shape.allSatisfy({ $0 > 0 }) else {
      throw fault(node, "has weights of the shape \(kernel.shape)", code: .wrongShape)
    }
    let input = try target.map(operand(node, 0))
    let shape = target.shape(input) ?? []
    guard shape.count == 4 else {
      throw fault(node, "convolves a tensor of the shape \(shape)", code: .wrongShape)
    }
    // [height, width, in, out] become [out, in, height, width]; [height, width, in, multiplier]
    // become [in * multiplier, 1, height, width].
    let order = isDepthwise ? [2, 3, 0, 1] : [3, 2, 0, 1]
    let strides = kernel.strides
    try target.take(kernel.values.count, for: .computed)
    kernel = kernel.gathered(order.map { kernel.shape[$0] }, strides: order.map { strides[$0] })
    if isDepthwise {
      kernel.shape = [kernel.shape[0] * kernel.shape[1], 1, kernel.shape[2], kernel.shape[3]]
    }
    let weights = "\(node.name), weights"
    target.setConstant(weights, kernel)
    var attributes = try window(node)
    attributes["dilations"] = .integers(try sides(node, "dilations") ?? [1, 1])
    attributes["group"] = .integer(
      Int64(isDepthwise ? shape[3] : max(shape[3] / kernel.shape[1], 1)))
    try target.append(renamed(node, "Conv", [input, weights], attributes), isPlanar: true)
  }

  mutating func pool(_ node: FrozenNode, _ type: String) throws {
    try requireChannelsLast(node)
    var attributes = try window(node)
    guard let kernel = try sides(node, "ksize") else { throw fault(node, "has no window") }
    attributes["kernel_shape"] = .integers(kernel)
    try target.append(
      renamed(node, type, [target.map(operand(node, 0))], attributes), isPlanar: true)
  }

  mutating func batchNorm(_ node: FrozenNode) throws {
    try requireChannelsLast(node)
    guard try node.bool("is_training") == false else {
      throw fault(node, "normalises by its own batch, as in training")
    }
    var inputs = [try target.map(operand(node, 0))]
    for index in 1..<5 { inputs.append(try operand(node, index)) }
    try target.append(
      renamed(
        node, "BatchNormalization", inputs, ["epsilon": .float(node.float("epsilon") ?? 1e-4)]),
      isPlanar: true)
  }

  mutating func pad(_ node: FrozenNode) throws {
    let input = try target.map(operand(node, 0))
    let sides = try list(node, 1)
    guard sides.count == 8 else { throw fault(node, "pads other tensors than maps") }
    // Before and after each of TensorFlow's axes become before each and after each.
    let order = [0, 3, 1, 2]
    let pads = order.map { sides[2 * $0] } + order.map { sides[2 * $0 + 1] }
    try target.append(
      renamed(node, "Pad", [input], ["pads": .integers(pads.map(Int64.init))]), isPlanar: true)
  }

  /// Padding and strides.
  private func window(_ node: FrozenNode) throws -> [String: ONNXAttribute] {
    let padding = try node.text("padding") ?? ""
    guard ["SAME", "VALID"].contains(padding) else {
      throw fault(node, "has the padding \(padding.prefix(20)); SAME and VALID are supported")
    }
    return [
      "auto_pad": .text(padding == "SAME" ? "SAME_UPPER" : "VALID"),
      "strides": .integers(try sides(node, "strides") ?? [1, 1]),
    ]
  }

  /// Height and width of an attribute for four axes.
  private func sides(_ node: FrozenNode, _ key: String) throws -> [Int64]? {
    guard let values = try node.integers(key) else { return nil }
    guard values.count == 4, values[0] == 1, values[3] == 1 else {
      throw fault(node, "has the \(key) \(values)")
    }
    return values[1...2].map(Int64.init)
  }
}
