internal import Models
internal import Layers

/// Converts the operators of a frozen TensorFlow graph to those of a model file.
struct FrozenConverter {
  let path: String
  let graph: FrozenGraph
  var target: ChannelsLast

  /// Prepares for the nodes `live`; `results` are read as outputs of the model, too.
  init(
    _ graph: FrozenGraph, _ path: String, live: [Int], image: FrozenImage, results: [String]
  ) {
    self.path = path
    self.graph = graph
    var uses = graph.readers(of: live).mapValues(\.count)
    for key in results { uses[key, default: 0] += 1 }
    target = ChannelsLast(
      ONNXConverter(
        path: path, opset: 17, uses: uses, inputHeight: image.height, inputWidth: image.width))
    for key in image.keys { target.defineImage(key) }
  }

  // MARK: Names

  /// The node's name for people: that of its layer.
  func title(_ node: FrozenNode) -> String {
    var words = node.name.split(separator: "/")
    while words.count > 1, let last = words.last, Self.steps.contains(String(last)) {
      words.removeLast()
    }
    return words.joined(separator: "/")
  }

  private static let steps: Set = ["Conv2D", "depthwise", "MatMul", "BiasAdd", "Conv2D_Fold"]

  /// An operator in the converter's terms, which computes the node's first result.
  func renamed(
    _ node: FrozenNode, _ type: String, _ inputs: [String], output: String? = nil,
    _ attributes: [String: ONNXAttribute] = [:]
  ) -> ONNXNode {
    ONNXNode(type, named: title(node), inputs, output: output ?? node.name, attributes)
  }

  // MARK: Operands

  /// The name of what the node reads at `index`.
  func operand(_ node: FrozenNode, _ index: Int) throws(ModelFileError) -> String {
    guard node.inputs.indices.contains(index) else {
      throw fault(node, "lacks the input \(index)", code: .damaged)
    }
    return node.inputs[index]
  }

  /// The constant that the node reads at `index`.
  func constant(_ node: FrozenNode, _ index: Int) throws(ModelFileError) -> ConstantTensor {
    guard let constant = target.converter.constants[try operand(node, index)] else {
      throw fault(node, "needs a constant as its input \(index)")
    }
    return constant
  }

  /// A short list of sizes or axes.
  func list(_ node: FrozenNode, _ index: Int) throws(ModelFileError) -> [Int] {
    let constant = try constant(node, index)
    guard constant.values.count <= 2 * ImportLimits.rank else {
      throw fault(node, "reads a list of \(constant.values.count) sizes or axes")
    }
    return constant.integers
  }

  func shape(_ node: FrozenNode, _ index: Int) throws(ModelFileError) -> [Int] {
    let key = try operand(node, index)
    guard let shape = target.shape(key) else {
      throw fault(node, "reads \(key.prefix(200)), which is not computed", code: .damaged)
    }
    return shape
  }

  // MARK: Operators

  mutating func convert(_ node: FrozenNode) throws(ModelFileError) {
    do {
      switch node.operation {
      case "Const": try define(node)
      case "Unpack": try unpack(node)
      default: try convertFirst(node)
      }
    } catch let error as WireFault {
      throw fault(node, "cannot be read: \(error.message)", code: .damaged)
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw fault(node, "cannot be read: \(error)")
    }
  }

  private mutating func define(_ node: FrozenNode) throws {
    guard let tensor = try node.tensor("value") else { throw fault(node, "has no value") }
    guard let count = tensor.count else {
      throw fault(node, "has the invalid shape \(tensor.shape)", code: .damaged)
    }
    // Room is taken before there are any numbers.
    try target.take(count, for: .stored)
    do {
      target.setConstant(node.name, try tensor.numbers())
    } catch {
      throw fault(node, "is not a valid constant: \(error.message)", code: .damaged)
    }
  }

  private mutating func convertFirst(_ node: FrozenNode) throws {
    switch node.operation {
    case "Identity", "StopGradient", "CheckNumerics", "Snapshot":
      try elementwise(node, "Identity")
    case "Relu", "Sigmoid", "Exp", "Sqrt": try elementwise(node, node.operation)
    case "Relu6": try elementwise(node, "Clip", ["min": .float(0), "max": .float(6)])
    case "Cast": try cast(node)
    case "Rsqrt": try reciprocalRoot(node)
    case "Add", "AddV2": try arithmetic(node, "Add")
    case "Sub", "Mul": try arithmetic(node, node.operation)
    case "RealDiv", "Div": try arithmetic(node, "Div")
    case "Maximum": try arithmetic(node, "Max")
    case "Minimum": try arithmetic(node, "Min")
    case "BiasAdd": try bias(node)
    case "Conv2D", "DepthwiseConv2dNative": try convolution(node)
    case "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3": try batchNorm(node)
    case "AvgPool": try pool(node, "AveragePool")
    case "MaxPool": try pool(node, "MaxPool")
    case "Mean":
      try target.appendMean(
        title(node), operand(node, 0), output: node.name, axes: list(node, 1),
        keepsAxes: node.bool("keep_dims") ?? false)
    case "MatMul": try linear(node)
    case "Softmax":
      try target.append(
        renamed(node, "Softmax", [target.plain(operand(node, 0))], ["axis": .integer(-1)]),
        isPlanar: false)
    case "ConcatV2":
      let axis = try list(node, node.inputs.count - 1)
      guard axis.count == 1 else { throw fault(node, "has \(axis.count) axes") }
      try target.appendConcatenation(
        title(node), Array(node.inputs.dropLast()), output: node.name, axis: axis[0])
    default: try convertShape(node)
    }
  }

  private mutating func elementwise(
    _ node: FrozenNode, _ type: String, _ attributes: [String: ONNXAttribute] = [:]
  ) throws {
    try target.appendElementwise(renamed(node, type, [operand(node, 0)], attributes))
  }

  private mutating func cast(_ node: FrozenNode) throws {
    let isFloat = try [1, 2, 14, 19].contains(node.type("DstT") ?? 0)
    try elementwise(node, "Cast", ["to": .integer(isFloat ? 1 : 7)])
  }

  private mutating func arithmetic(_ node: FrozenNode, _ type: String) throws {
    try target.appendArithmetic(renamed(node, type, [operand(node, 0), operand(node, 1)]))
  }

  private mutating func reciprocalRoot(_ node: FrozenNode) throws {
    let root = "\(node.name), root"
    let one = "\(node.name), one"
    try target.appendElementwise(renamed(node, "Sqrt", [operand(node, 0)], output: root))
    try target.define(one, ConstantTensor(1))
    try target.appendArithmetic(renamed(node, "Div", [one, root]))
  }

  private mutating func bias(_ node: FrozenNode) throws {
    try requireChannelsLast(node)
    try arithmetic(node, "Add")
  }

  private mutating func linear(_ node: FrozenNode) throws {
    guard try node.bool("transpose_a") != true else {
      throw fault(node, "transposes its first input, which is not supported")
    }
    let transposes = try node.bool("transpose_b") ?? false
    try target.append(
      renamed(
        node, "Gemm", [target.plain(operand(node, 0)), operand(node, 1)],
        ["transB": .integer(transposes ? 1 : 0)]), isPlanar: false)
  }

  // MARK: Errors

  func fault(
    _ node: FrozenNode, _ message: String, code: ModelFileError.Code = .unknownLayer
  ) -> ModelFileError {
    FrozenImport.fault(path, node, message, code: code)
  }

  func requireChannelsLast(_ node: FrozenNode) throws {
    let order = try node.text("data_format") ?? "NHWC"
    guard order == "NHWC" else {
      throw fault(node, "has the data format \(order.prefix(20)); only NHWC is supported")
    }
  }
}
