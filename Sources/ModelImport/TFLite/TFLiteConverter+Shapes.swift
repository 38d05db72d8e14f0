internal import Models
internal import Layers

/// Operators that pad, reshape or normalise whole tensors.
extension TFLiteConverter {
  mutating func squeeze(_ node: TFLiteOperator, _ output: Int) throws {
    let axes = try node.options?.int32s(0) ?? []
    guard axes.count <= ImportLimits.rank else { throw fault(node, "removes \(axes.count) axes") }
    let attributes = axes.isEmpty ? [:] : ["axes": ONNXAttribute.integers(axes.map(Int64.init))]
    try target.append(
      ONNXNode(
        "Squeeze", named: title(output), [try target.plain(try operand(node, 0))],
        output: key(output), attributes), isPlanar: false)
  }

  mutating func softmax(_ node: TFLiteOperator, _ output: Int) throws {
    guard try node.options?.float(0) ?? 1 == 1 else {
      throw fault(node, "has a beta other than 1, which is not supported")
    }
    try target.append(
      ONNXNode(
        "Softmax", named: title(output), [try target.plain(try operand(node, 0))],
        output: key(output), ["axis": .integer(-1)]), isPlanar: false)
  }

  mutating func pad(_ node: TFLiteOperator, _ output: Int) throws {
    let input = try target.map(try operand(node, 0))
    let sides = try list(node, 1)
    guard sides.count == 8 else { throw fault(node, "pads other tensors than maps") }
    // Before and after each of TensorFlow's axes become before each and after each.
    let order = [0, 3, 1, 2]
    let pads = order.map { sides[2 * $0] } + order.map { sides[2 * $0 + 1] }
    try target.append(
      ONNXNode(
        "Pad", named: title(output), [input], output: key(output),
        ["pads": .integers(pads.map(Int64.init))]), isPlanar: true)
  }
}
