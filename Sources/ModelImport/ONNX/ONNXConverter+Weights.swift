internal import Models
internal import Layers

/// Operators with weights, and those that are folded into them.
extension ONNXConverter {
  mutating func convolution(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    var x = try tensor(node, 0)
    let kernel = try constant(node, 1)
    guard x.shape.count == 4, kernel.shape.count == 4, kernel.shape.allSatisfy({ $0 > 0 }) else {
      throw fault(
        node,
        "convolves \(x.shape) with \(kernel.shape); only two-dimensional ones are supported")
    }
    let groups = node.integer("group") ?? 1
    guard groups > 0,
      kernel.shape[1].multipliedReportingOverflow(by: groups).partialValue
        == x.shape[1], kernel.shape[0] % groups == 0
    else {
      throw fault(
        node, "has weights \(kernel.shape) in \(groups) groups for \(x.shape)", code: .wrongShape)
    }
    let bias = try optionalConstant(node, 2)?.values
    guard kernel.shape[2...].allSatisfy({ OperatorLimits.kernels.contains($0) }) else {
      throw fault(
        node,
        "has a window of \(kernel.shape[2...]) pixels; at most "
          + "\(OperatorLimits.kernels.upperBound) on each side are allowed", code: .tooLarge)
    }
    guard bias == nil || bias?.count == kernel.shape[0] else {
      throw fault(
        node, "has \(bias?.count ?? 0) biases for \(kernel.shape[0]) channels", code: .wrongShape)
    }
    var layer = Weights(
      shape: kernel.shape, weight: kernel.values,
      bias: bias ?? [Double](repeating: 0, count: kernel.shape[0]))
    var window = try window(node, kernel: Array(kernel.shape[2...]), over: Array(x.shape[2...]))
    if kernel.shape[2] != kernel.shape[3] {
      let side = max(kernel.shape[2], kernel.shape[3])
      try reserve(node, [kernel.shape[0], kernel.shape[1], side, side])
      layer.makeSquare()
      window.makeSquare()
    }
    if let (inner, border) = padding(node, x) {
      window.add(border)
      x = inner
    }
    let (rule, border) = try rule(node, window, over: Array(x.shape[2...]))
    let source = border.map { padded(node, x, $0) } ?? x
    let numbers = Operator.Convolution(
      channels: kernel.shape[0], kernel: window.kernel[0], stride: window.stride,
      dilation: window.dilation, groups: groups, padding: rule)
    let shape = [1, kernel.shape[0]] + window.outputs(Array(x.shape[2...]))
    return try append(node, numbers, layer, source, shape, named: layerName(node))
  }

  /// The name of a layer: that of its weights if they are named after a layer, or that of the node.
  private func layerName(_ node: ONNXNode) -> String {
    let suffix = ".weight"
    if node.inputs.count > 1, node.inputs[1].hasSuffix(suffix) {
      return String(node.inputs[1].dropLast(suffix.count))
    }
    let words = hint(node).split(separator: "/")
    return (words.last == "Conv" ? words.dropLast() : words[...]).joined(separator: "/")
  }

  /// Appends a convolution with its weights.
  private mutating func append(
    _ node: ONNXNode, _ numbers: Operator.Convolution, _ layer: Weights, _ x: Tensor,
    _ shape: [Int], named hint: String
  ) throws(ModelFileError) -> Tensor {
    guard shape.allSatisfy({ (1...1 << 20).contains($0) }) else {
      throw fault(
        node, "makes a map of \(shape), which is empty or too large", code: .wrongShape)
    }
    try take(layer.weight.count + layer.bias.count, for: .written)
    let value = append(hint, .convolution(numbers), [settled(x, hint)], shape)
    weights[value] = layer
    return Tensor(value: value, shape: shape)
  }

  // MARK: Batch norm, factors and offsets

  mutating func batchNorm(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    let parameters = [
      try constant(node, 1).values, try constant(node, 2).values, try constant(node, 3).values,
      try constant(node, 4).values,
    ]
    guard let channels = channels(of: x), parameters.allSatisfy({ $0.count == channels }) else {
      throw fault(
        node, "has parameters that do not match its input of \(x.shape)", code: .wrongShape)
    }
    let epsilon = node.float("epsilon") ?? 1e-5
    // y = scale * (x - mean) / sqrt(variance + epsilon) + offset
    let factors = (0..<channels).map {
      parameters[0][$0] / (parameters[3][$0] + epsilon).squareRoot()
    }
    let offsets = (0..<channels).map { parameters[1][$0] - parameters[2][$0] * factors[$0] }
    return try affine(node, x, factors, offsets)
  }

  /// `x` times a factor plus an offset for each channel: folded into the preceding convolution, or
  /// else as a depthwise 1x1 convolution.
  mutating func affine(
    _ node: ONNXNode, _ x: Tensor, _ factors: [Double], _ offsets: [Double]
  ) throws(ModelFileError) -> Tensor {
    if let name = node.inputs.first(where: { tensors[$0]?.value == x.value }),
      openConvolution(name, x) != nil, var layer = weights.removeValue(forKey: x.value)
    {
      // The weights may be a constant that other operators read, too; then this copies them.
      try take(layer.weight.count, for: .computed)
      let perChannel = layer.weight.count / factors.count
      for channel in factors.indices {
        for index in channel * perChannel..<(channel + 1) * perChannel {
          layer.weight[index] *= factors[channel]
        }
        layer.bias[channel] = layer.bias[channel] * factors[channel] + offsets[channel]
      }
      weights[x.value] = layer
      return x
    }
    try take(2 * factors.count, for: .written)
    let layer = Weights(shape: [factors.count, 1, 1, 1], weight: factors, bias: offsets)
    let numbers = Operator.Convolution(
      channels: factors.count, kernel: 1, groups: factors.count)
    let value = append(
      hint(node), .convolution(numbers), [x.value], shapes[x.value] ?? x.shape)
    weights[value] = layer
    return Tensor(value: value, shape: x.shape)
  }

  // MARK: Linear layers

  mutating func linear(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let isGemm = node.type == "Gemm"
    guard !isGemm || (node.integer("transA") ?? 0) == 0 else {
      throw fault(node, "transposes its first input, which is not supported")
    }
    let x = try tensor(node, 0)
    guard let name = node.input(1), var matrix = constants[name] else {
      if isGemm { throw fault(node, "multiplies by a matrix that is not constant") }
      let other = try tensor(node, 1)
      return try product(node, x, settled(other, hint(node)), other.shape)
    }
    let isTransposed = isGemm && node.integer("transB") ?? 0 != 0
    guard matrix.shape.count >= 2 else {
      throw fault(
        node, "multiplies by \(matrix.shape), which is not a matrix", code: .wrongShape)
    }
    guard x.shape.count == 2, matrix.shape.count == 2 else {
      let name = try store(matrix, "\(hint(node)).matrix")
      return try product(node, x, name, matrix.shape)
    }
    // Turned around and multiplied by alpha, then perhaps turned back.
    try take(3 * matrix.values.count, for: .computed)
    // One row per output, as in a convolution.
    if !isTransposed {
      matrix = matrix.gathered(matrix.shape.reversed(), strides: [1, matrix.shape[1]])
    }
    let (outputs, inputs) = (matrix.shape[0], matrix.shape[1])
    guard inputs == x.shape[1] else {
      throw fault(
        node, "multiplies \(x.shape) by weights for \(inputs) inputs", code: .wrongShape)
    }
    let alpha = node.float("alpha") ?? 1
    let beta = node.float("beta") ?? 1
    var bias = [Double](repeating: 0, count: outputs)
    if isGemm, let added = try optionalConstant(node, 2) {
      guard let row = added.broadcast(to: [1, outputs]) else {
        throw fault(
          node, "adds \(added.shape) to \(outputs) outputs", code: .wrongShape)
      }
      bias = row.values.map { $0 * beta }
    }
    let layer = Weights(shape: [], weight: matrix.values.map { $0 * alpha }, bias: bias)
    if let result = try convolutionOfWhole(node, x, layer, outputs) { return result }
    let transposed = ConstantTensor(
      shape: [outputs, inputs], values: layer.weight, isInteger: false)
    let columns = try store(
      transposed.gathered([inputs, outputs], strides: [1, inputs]), "\(hint(node)).matrix")
    let product = try product(node, x, columns, [inputs, outputs])
    guard bias.contains(where: { $0 != 0 }) else { return product }
    let offsets = try store(
      ConstantTensor(shape: [1, outputs], values: bias, isInteger: false), "\(hint(node)).bias")
    return Tensor(
      value: append(hint(node), .add, [product.value, offsets], product.shape),
      shape: product.shape)
  }

  /// The equivalent convolution of a linear layer over a square map, or `nil` if there is none.
  private mutating func convolutionOfWhole(
    _ node: ONNXNode, _ x: Tensor, _ layer: Weights, _ outputs: Int
  ) throws(ModelFileError) -> Tensor? {
    guard let shape = shapes[x.value], shape.count == 4, shape[0] == 1, shape[2] == shape[3],
      shape[2] <= 16, x.shape == [1, shape[1] * shape[2] * shape[3]]
    else { return nil }
    var layer = layer
    layer.shape = [outputs, shape[1], shape[2], shape[2]]
    let numbers = Operator.Convolution(channels: outputs, kernel: shape[2])
    let map = Tensor(value: x.value, shape: shape)
    var result = try append(
      node, numbers, layer, map, [1, outputs, 1, 1], named: layerName(node))
    result.shape = [1, outputs]
    return result
  }

  private mutating func product(
    _ node: ONNXNode, _ x: Tensor, _ other: String, _ shape: [Int]
  ) throws(ModelFileError) -> Tensor {
    guard x.shape.count >= 2, shape.count >= 2, x.shape.last == shape.dropLast().last,
      let batch = broadcastShape(Array(x.shape.dropLast(2)), Array(shape.dropLast(2)))
    else {
      throw fault(
        node, "multiplies \(x.shape) by \(shape), which do not match", code: .wrongShape)
    }
    let result = batch + x.shape.dropLast().suffix(1) + shape.suffix(1)
    let value = append(hint(node), .matrixProduct, [settled(x, hint(node)), other], result)
    return Tensor(value: value, shape: result)
  }
}

extension ONNXConverter.Weights {
  /// Pads a window that is not square with zeros until it is.
  mutating func makeSquare() {
    let (height, width) = (shape[2], shape[3])
    let side = max(height, width)
    var result = [Double](repeating: 0, count: shape[0] * shape[1] * side * side)
    let (top, left) = ((side - height) / 2, (side - width) / 2)
    for plane in 0..<shape[0] * shape[1] {
      for row in 0..<height {
        for column in 0..<width {
          result[(plane * side + top + row) * side + left + column] =
            weight[(plane * height + row) * width + column]
        }
      }
    }
    weight = result
    shape = [shape[0], shape[1], side, side]
  }
}
