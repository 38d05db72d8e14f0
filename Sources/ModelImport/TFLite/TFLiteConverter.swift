internal import Models
internal import Layers

/// Converts the operators of a TensorFlow Lite graph to those of a model file.
struct TFLiteConverter {
  let path: String
  let model: TFLiteModel
  var target: ChannelsLast
  private let keys: [String]
  /// How each layer's quantised weights are rounded, by the layer's name.
  var weights: [String: WeightRounding] = [:]
  /// Tensors that are other constants in another format.
  private var sources: [Int: Int] = [:]

  init(
    _ model: TFLiteModel, _ path: String, image: Int, height: Int, width: Int, outputs: [Int]
  ) {
    self.path = path
    self.model = model
    keys = model.tensors.enumerated().map { "\($1.name.prefix(200)) (tensor \($0))" }
    var counts = [Int](repeating: 0, count: keys.count)
    for index in model.operators.flatMap(\.inputs) + outputs where index >= 0 {
      counts[index] += 1
    }
    let uses = Dictionary(zip(keys, counts)) { first, _ in first }
    target = ChannelsLast(
      ONNXConverter(
        path: path, opset: 17, uses: uses, inputHeight: height, inputWidth: width))
    target.defineImage(keys[image])
  }

  // MARK: Names

  /// The tensor's name in the converter: names alone may occur twice.
  func key(_ index: Int) -> String { keys[index] }

  /// The tensor's name for people: the first of the operators that the converter of TensorFlow has
  /// merged into one, without the word for its last step.
  func title(_ index: Int) -> String {
    let first = model.tensors[index].name.split(separator: ";").first ?? ""
    var words = first.split(separator: "/")
    while words.count > 1, let last = words.last, Self.steps.contains(String(last)) {
      words.removeLast()
    }
    return words.joined(separator: "/")
  }

  private static let steps: Set = ["Relu6", "Relu", "BiasAdd", "add_fold", "Conv2D"]

  // MARK: Constants

  /// Whether the tensor is part of the file.
  func isConstant(_ index: Int) -> Bool {
    model.tensors[index].data != nil || sources[index] != nil
  }

  /// The numbers of a constant.
  func numbers(_ index: Int) throws(ModelFileError) -> ConstantTensor {
    do {
      return try model.tensors[sources[index] ?? index].numbers(model.bytes)
    } catch {
      throw TFLiteImport.fault(path, error)
    }
  }

  /// The name of a tensor that is read, which is defined first if it is a constant.
  mutating func operand(
    _ node: TFLiteOperator, _ position: Int
  ) throws(ModelFileError) -> String {
    guard let index = node.input(position) else {
      throw fault(node, "lacks the input \(position)")
    }
    let name = key(index)
    if isConstant(index), target.shape(name) == nil {
      try target.define(name, numbers(index))
    }
    return name
  }

  /// A short list of integers that an operator reads.
  func list(
    _ node: TFLiteOperator, _ position: Int
  ) throws(ModelFileError) -> [Int] {
    guard let index = node.input(position), isConstant(index) else {
      throw fault(node, "needs constant sizes or axes")
    }
    let count = shapeCount(model.tensors[sources[index] ?? index].shape) ?? .max
    guard count <= 2 * ImportLimits.rank else {
      throw fault(node, "reads a list of \(count) sizes or axes")
    }
    return try numbers(index).integers
  }

  // MARK: Operators

  mutating func convert(_ node: TFLiteOperator) throws(ModelFileError) {
    guard node.outputs.count == 1, let output = node.outputs.first else {
      throw fault(node, "has \(node.outputs.count) results; only one is supported")
    }
    // A constant in half precision, which is turned into floats when the network starts.
    if node.code == Self.dequantize || node.code == Self.quantize, let input = node.input(0) {
      if isConstant(input) { sources[output] = sources[input] ?? input }
      if isConstant(output) { return }
    }
    do {
      try convert(node, output)
    } catch let error as WireFault {
      throw TFLiteImport.fault(path, error)
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw fault(node, "cannot be read: \(error)")
    }
  }

  private mutating func convert(_ node: TFLiteOperator, _ output: Int) throws {
    let (name, result) = (title(output), key(output))
    switch node.code {
    case 0: try arithmetic("Add", node, output)
    case 18: try arithmetic("Mul", node, output)
    case 41: try arithmetic("Sub", node, output)
    case 42: try arithmetic("Div", node, output)
    case 1: try pool("AveragePool", node, output)
    case 17: try pool("MaxPool", node, output)
    case 2:
      var parts: [String] = []
      for position in node.inputs.indices { parts.append(try operand(node, position)) }
      let inner = try activated(
        node, output, try node.options?.int8(1) ?? 0, impliesRange: false)
      try target.appendConcatenation(
        name, parts, output: inner.name, axis: try node.options?.int32(0) ?? 0)
      try inner.finish(&target)
    case 3, 4: try convolution(node, output)
    case 9: try linear(node, output)
    case Self.logistic: try elementwise("Sigmoid", node, output)
    case 19: try elementwise("Relu", node, output)
    case 21: try elementwise("Clip", node, output, Self.clip(0, 6))
    case 117: try elementwise("HardSwish", node, output)
    case Self.dequantize, Self.quantize: try elementwise("Identity", node, output)
    case 22:
      let shape = node.input(1) == nil ? try node.options?.int32s(0) : try list(node, 1)
      guard let shape, shape.count <= 2 * ImportLimits.rank else {
        throw fault(node, "does not say its shape")
      }
      try target.appendReshape(name, try operand(node, 0), output: result, to: shape)
    case 43: try squeeze(node, output)
    case Self.softmax: try softmax(node, output)
    case 34: try pad(node, output)
    case 40:
      try target.appendMean(
        name, try operand(node, 0), output: result, axes: try list(node, 1),
        keepsAxes: try node.options?.uint8(0) ?? 0 != 0)
    default: throw unsupported(node)
    }
  }

  static let logistic = 14
  static let softmax = 25
  static let dequantize = 6
  static let quantize = 114

  static func clip(_ lower: Float, _ upper: Float) -> [String: ONNXAttribute] {
    ["min": .float(lower), "max": .float(upper)]
  }

  private mutating func elementwise(
    _ type: String, _ node: TFLiteOperator, _ output: Int,
    _ attributes: [String: ONNXAttribute] = [:]
  ) throws {
    try target.appendElementwise(
      ONNXNode(
        type, named: title(output), [try operand(node, 0)], output: key(output), attributes))
  }

  private mutating func arithmetic(
    _ type: String, _ node: TFLiteOperator, _ output: Int
  ) throws {
    let inner = try activated(node, output, try node.options?.int8(0) ?? 0)
    try target.appendArithmetic(
      ONNXNode(
        type, named: title(output), [try operand(node, 0), try operand(node, 1)],
        output: inner.name))
    try inner.finish(&target)
  }

  private mutating func linear(_ node: TFLiteOperator, _ output: Int) throws {
    let weights = try operand(node, 1)
    guard let matrix = target.shape(weights), matrix.count == 2 else {
      throw fault(node, "has weights that are not a matrix")
    }
    let rows = "\(key(output)), input"
    try target.appendReshape(
      "\(title(output)).input", try operand(node, 0), output: rows, to: [-1, matrix[1]])
    var inputs = [rows, weights]
    if node.input(2) != nil { inputs.append(try operand(node, 2)) }
    let inner = try activated(node, output, try node.options?.int8(0) ?? 0)
    try target.append(
      ONNXNode(
        "Gemm", named: title(output), inputs, output: inner.name, ["transB": .integer(1)]),
      isPlanar: false)
    if let index = node.input(1) { noteSteps(of: index, computing: inner.name) }
    try inner.finish(&target)
  }

  private mutating func pool(_ type: String, _ node: TFLiteOperator, _ output: Int) throws {
    let options = node.options
    let inner = try activated(
      node, output, try options?.int8(5) ?? 0, impliesRange: false)
    var attributes = try window(node, strides: 2, 1)
    attributes["kernel_shape"] = .integers([
      Int64(try options?.int32(4) ?? 0), Int64(try options?.int32(3) ?? 0),
    ])
    try target.append(
      ONNXNode(
        type, named: title(output), [try target.map(try operand(node, 0))], output: inner.name,
        attributes), isPlanar: true)
    try inner.finish(&target)
  }

  /// Padding and strides, which are the fields `strides` of the options.
  private func window(
    _ node: TFLiteOperator, strides rows: Int, _ columns: Int
  ) throws -> [String: ONNXAttribute] {
    let padding = try node.options?.int8(0) ?? 0
    guard (0...1).contains(padding) else { throw fault(node, "has an unknown padding") }
    return [
      "auto_pad": .text(padding == 0 ? "SAME_UPPER" : "VALID"),
      "strides": .integers([
        Int64(try node.options?.int32(rows) ?? 0), Int64(try node.options?.int32(columns) ?? 0),
      ]),
    ]
  }

  private mutating func convolution(_ node: TFLiteOperator, _ output: Int) throws {
    let isDepthwise = node.code == 4
    let options = node.options
    guard let index = node.input(1), isConstant(index) else {
      throw fault(node, "has weights that are not constant")
    }
    var kernel = try numbers(index)
    guard kernel.shape.count == 4, kernel.shape.allSatisfy({ $0 > 0 }),
      !isDepthwise || kernel.shape[0] == 1
    else { throw fault(node, "has weights of the shape \(kernel.shape)") }
    let input = try target.map(try operand(node, 0))
    // [out, height, width, in] or [1, height, width, out] become [out, in, height, width].
    let order = isDepthwise ? [3, 0, 1, 2] : [0, 3, 1, 2]
    let strides = kernel.strides
    kernel = kernel.gathered(order.map { kernel.shape[$0] }, strides: order.map { strides[$0] })
    let weights = "\(key(output)), weights"
    try target.define(weights, kernel)
    var inputs = [input, weights]
    if node.input(2) != nil { inputs.append(try operand(node, 2)) }
    var attributes = try window(node, strides: 2, 1)
    attributes["dilations"] = .integers([
      Int64(try options?.int32(isDepthwise ? 6 : 5) ?? 1),
      Int64(try options?.int32(isDepthwise ? 5 : 4) ?? 1),
    ])
    let channels = target.shape(input)?.last ?? 1
    attributes["group"] = .integer(
      Int64(isDepthwise ? channels : max(channels / kernel.shape[1], 1)))
    let inner = try activated(node, output, try options?.int8(isDepthwise ? 4 : 3) ?? 0)
    try target.append(
      ONNXNode("Conv", named: title(output), inputs, output: inner.name, attributes),
      isPlanar: true)
    noteSteps(of: index, computing: inner.name)
    try inner.finish(&target)
  }
}
