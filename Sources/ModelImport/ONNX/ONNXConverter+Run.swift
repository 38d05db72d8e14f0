internal import Models
internal import Layers

extension ONNXConverter {
  /// Converts one operator.
  mutating func convert(_ node: ONNXNode) throws(ModelFileError) {
    guard ONNXNode.isStandard(node.domain) else {
      throw fault(
        node, "belongs to the operators of \(node.domain.prefix(60)), which are not supported")
    }
    guard let output = node.outputs.first, !output.isEmpty else {
      throw fault(node, "has no output", code: .damaged, remedy: "Export the network again.")
    }
    for extra in node.outputs.dropFirst() where (uses[extra] ?? 0) > 0 {
      throw fault(
        node, "has a second output \(extra.prefix(200)) that is used, which is not supported")
    }
    guard tensors[output] == nil, constants[output] == nil else {
      throw fault(
        node, "computes \(output.prefix(200)), which already exists", code: .damaged,
        remedy: "Export the network again.")
    }
    for name in node.inputs where !name.isEmpty && tensors[name] == nil && constants[name] == nil {
      throw fault(
        node, "reads \(name.prefix(200)), which nothing before it computes", code: .damaged,
        remedy: "Export the network again.")
    }
    if let constant = try folded(node) {
      constants[output] = constant
      return
    }
    let tensor = try converted(node)
    guard shapeCount(tensor.shape, atMost: OperatorLimits.tensor) != nil,
      nodes.count <= OperatorLimits.nodes
    else {
      throw fault(
        node,
        "makes the operator \(nodes.count), a tensor of \(Self.text(tensor.shape)); at most "
          + "\(OperatorLimits.nodes) operators, and \(OperatorLimits.tensor) numbers in each "
          + "tensor, are allowed", code: .tooLarge)
    }
    tensors[output] = tensor
  }

  private mutating func converted(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    switch node.type {
    case "Conv": return try convolution(node)
    case "BatchNormalization": return try batchNorm(node)
    case "Gemm", "MatMul": return try linear(node)
    case "Relu": return try activation(node, .relu)
    case "HardSwish": return try activation(node, .hardSwish)
    case "HardSigmoid": return try hardSigmoid(node)
    case "Clip": return try clip(node)
    case "Sigmoid": return appendFunction(hint(node), .sigmoid, try tensor(node, 0))
    case "Exp": return appendFunction(hint(node), .exponential, try tensor(node, 0))
    case "Add", "Sub", "Mul", "Div": return try arithmetic(node)
    case "GlobalAveragePool", "ReduceMean": return try mean(node)
    case "MaxPool", "AveragePool": return try pool(node)
    case "Pad": return try pad(node)
    case "Resize", "Upsample": return try resize(node)
    case "Identity", "Dropout": return try tensor(node, 0)
    case "Cast":
      guard let type = node.integer("to"), [1, 10, 11, 16].contains(type) else {
        throw fault(
          node, "converts values that depend on the image to integers, which is not supported")
      }
      return try tensor(node, 0)
    case "Concat": return try concatenate(node)
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
      var result = try tensor(node, 0)
      result.shape = try reshaped(node, result.shape)
      return result
    case "Transpose": return try transpose(node)
    case "Slice": return try slice(node)
    case "Gather": return try gather(node)
    case "Softmax": return try softmax(node)
    default: throw unsupported(node)
    }
  }

  /// The error for an operator that is not supported, or not on constants.
  func unsupported(_ node: ONNXNode) -> ModelFileError {
    fault(
      node, "is an operator that is not supported here",
      remedy: "Supported operators: \(Self.supported.joined(separator: ", ")).")
  }

  private static let supported = [
    "Add", "AveragePool", "BatchNormalization", "Cast", "Clip", "Concat", "Constant",
    "ConstantOfShape", "Conv", "Div", "Dropout", "Exp", "Flatten", "Gather", "Gemm",
    "GlobalAveragePool", "HardSigmoid", "HardSwish", "Identity", "MatMul", "MaxPool", "Mul", "Pad",
    "ReduceMean", "Relu", "Reshape", "Resize", "Shape", "Sigmoid", "Slice", "Softmax", "Squeeze",
    "Sub", "Transpose", "Unsqueeze", "Upsample",
  ]

  /// A name for the result of `node`.
  func hint(_ node: ONNXNode) -> String {
    node.name.isEmpty ? node.outputs.first ?? "node" : node.name
  }
}
