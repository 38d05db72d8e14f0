internal import Models
internal import Layers

/// Operators that make constants, such as a detector's priors, from sizes and other constants.
extension ONNXConverter {
  /// `Range`: numbers from a start up to, but without, a limit.
  mutating func progression(_ node: ONNXNode) throws(ModelFileError) -> ConstantTensor {
    var numbers: [Double] = []
    for index in 0..<3 {
      guard let number = try constant(node, index).scalar else {
        throw fault(node, "needs three numbers", code: .wrongShape)
      }
      numbers.append(number)
    }
    let (start, step) = (numbers[0], numbers[2])
    let count = max(((numbers[1] - start) / step).rounded(.up), 0)
    guard step != 0, start.isFinite, count.isFinite, count <= Double(ImportLimits.constant) else {
      throw fault(
        node, "goes from \(start) to \(numbers[1]) in steps of \(step), which are too many",
        code: .tooLarge)
    }
    let shape = [Int(count)]
    try reserve(node, shape)
    return ConstantTensor(
      shape: shape, values: (0..<shape[0]).map { start + Double($0) * step },
      isInteger: try constant(node, 0).isInteger)
  }

  /// `Tile`: a tensor that is repeated along each axis.
  mutating func tiled(
    _ node: ONNXNode, _ x: ConstantTensor
  ) throws(ModelFileError) -> ConstantTensor {
    let repeats = try list(node, constant(node, 1))
    guard repeats.count == x.shape.count,
      repeats.allSatisfy({ (0...ImportLimits.constant).contains($0) })
    else {
      throw fault(
        node, "repeats \(x.shape) by \(repeats), which do not match", code: .wrongShape)
    }
    let shape = zip(x.shape, repeats).map { $0.multipliedReportingOverflow(by: $1).partialValue }
    try reserve(node, shape)
    // Each axis becomes two: copies, with a stride of zero, and the elements of one copy.
    var (sides, strides) = ([Int](), [Int]())
    for (axis, count) in repeats.enumerated() {
      sides += [count, x.shape[axis]]
      strides += [0, x.strides[axis]]
    }
    var result = x.gathered(sides, strides: strides)
    result.shape = shape
    return result
  }

  /// `Min` and `Max` of constants.
  mutating func extreme(
    _ node: ONNXNode, _ body: (Double, Double) -> Double
  ) throws(ModelFileError) -> ConstantTensor {
    var result = try constant(node, 0)
    for index in node.inputs.indices.dropFirst() {
      let other = try constant(node, index)
      guard let shape = broadcastShape(result.shape, other.shape) else {
        throw fault(
          node, "combines \(result.shape) and \(other.shape), which do not broadcast",
          code: .wrongShape)
      }
      try reserve(node, shape)
      result = result.combined(other, body) ?? result
    }
    return result
  }
}
