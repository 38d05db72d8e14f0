internal import Models
internal import Layers

/// Converts the operators of an ONNX graph to those of a model file.
///
/// Results that do not depend on the image are computed at once. Batch norms, factors, offsets and
/// activations are folded into the preceding convolution if nothing else reads its result.
/// Reshaping is deferred, as most of it only turns a map of one pixel into a vector.
struct ONNXConverter {
  /// A result of the graph.
  struct Tensor {
    /// The operator of the new graph that computes the elements.
    var value: String
    /// Shape in the ONNX graph; the shape of `value` may differ while reshaping is pending.
    var shape: [Int]
    /// Whether other results share the elements, so that their operator must not change.
    var isShared = false
  }

  /// A convolution's weights, not written yet.
  struct Weights {
    /// `[out, in / groups, kernel, kernel]`.
    var shape: [Int]
    var weight: [Double]
    var bias: [Double]
  }

  let path: String
  let opset: Int
  /// How often each result is read, by operators or as an output.
  var uses: [String: Int]

  var constants: [String: ConstantTensor] = [:]
  var tensors: [String: Tensor] = [:]
  var nodes: [OperatorNode] = []
  /// Index of each operator in ``nodes``.
  var places: [String: Int] = [:]
  /// Shape of each operator's result.
  var shapes: [String: [Int]] = [:]
  var weights: [String: Weights] = [:]
  /// Constants that operators of the new graph read.
  var stored: [String: ConstantTensor] = [:]
  /// What is left of what the file may make us hold and do.
  var budget = ImportBudget()
  private var names: Set<String> = [OperatorGraph.input, "priors"]
  /// The last number that was appended to each name which was asked for again.
  private var numbers: [String: Int] = [:]

  init(path: String, opset: Int, uses: [String: Int], inputHeight: Int, inputWidth: Int) {
    self.path = path
    self.opset = opset
    self.uses = uses
    shapes[OperatorGraph.input] = [1, 3, inputHeight, inputWidth]
  }

  // MARK: Building

  /// A name that no operator or constant has yet.
  mutating func unused(_ hint: String) -> String {
    let legible = String(
      String.UnicodeScalarView(
        hint.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
          .prefix(200)))
    let stem = legible.isEmpty ? "node" : legible
    var name = stem
    while !names.insert(name).inserted {
      let number = numbers[stem, default: 1] + 1
      numbers[stem] = number
      name = "\(stem)_\(number)"
    }
    return name
  }

  /// Appends an operator whose result has `shape`.
  mutating func append(
    _ hint: String, _ operation: Operator, _ inputs: [String], _ shape: [Int]
  ) -> String {
    let name = unused(hint)
    places[name] = nodes.count
    nodes.append(OperatorNode(name, operation, inputs))
    shapes[name] = shape
    return name
  }

  /// Appends an elementwise operator on one tensor.
  mutating func appendFunction(
    _ hint: String, _ function: ElementFunction, _ x: Tensor
  ) -> Tensor {
    let value = append(hint, .function(function), [x.value], shapes[x.value] ?? x.shape)
    return Tensor(value: value, shape: x.shape)
  }

  /// The operator that computes the tensor in its own shape; appends the pending reshaping if there
  /// is one.
  mutating func settled(_ x: Tensor, _ hint: String) -> String {
    guard shapes[x.value] != x.shape else { return x.value }
    return append("\(hint).reshaped", .reshape(x.shape), [x.value], x.shape)
  }

  /// Adds a constant tensor to the model file and returns its name.
  mutating func store(
    _ constant: ConstantTensor, _ hint: String
  ) throws(ModelFileError) -> String {
    try take(constant.values.count, for: .written)
    let name = unused(hint)
    var tensor = constant
    if tensor.shape.isEmpty { tensor.shape = [1] }
    stored[name] = tensor
    shapes[name] = tensor.shape
    return name
  }

  // MARK: Queries

  /// The number of channels of `x`, if it is a map, or a vector that is a map of one pixel.
  func channels(of x: Tensor) -> Int? {
    guard let shape = shapes[x.value], shape.count == 4, shape[0] == 1 else { return nil }
    if shape == x.shape || (shape[2...] == [1, 1] && x.shape == [1, shape[1]]) { return shape[1] }
    return nil
  }

  /// The convolution that computes `name`, if nothing else reads it and it has no activation yet.
  func openConvolution(_ name: String, _ x: Tensor) -> Operator.Convolution? {
    guard !x.isShared, uses[name] == 1, let index = places[x.value],
      case .convolution(let numbers) = nodes[index].operation, numbers.activation == .none
    else { return nil }
    return numbers
  }

  /// Gives the convolution that computes `x` an activation.
  mutating func activate(_ x: Tensor, _ numbers: Operator.Convolution, _ activation: Activation) {
    guard let index = places[x.value] else { return }
    var numbers = numbers
    numbers.activation = activation
    nodes[index].operation = .convolution(numbers)
  }

  // MARK: Limits

  /// Takes room for `count` numbers.
  mutating func take(_ count: Int, for use: ImportBudget.Use) throws(ModelFileError) {
    guard budget.take(count, for: use) else {
      throw tooLarge("Its weights and constants are more than \(ImportLimits.written) numbers.")
    }
  }

  /// Checks that a constant of `shape` may be computed, and takes room for its numbers and for
  /// `steps` that give none.
  mutating func reserve(
    _ node: ONNXNode, _ shape: [Int], steps: Int = 0
  ) throws(ModelFileError) {
    guard let count = shapeCount(shape, atMost: ImportLimits.constant) else {
      throw fault(
        node,
        "makes a tensor of \(Self.text(shape)), which is invalid or too large: at most "
          + "\(ImportLimits.constant) numbers in \(ImportLimits.rank) dimensions are allowed",
        code: .tooLarge)
    }
    guard budget.step(steps), budget.take(count, for: .computed) else {
      throw tooLarge("Its constants take more than \(ImportLimits.computed) numbers to compute.")
    }
  }

  /// A shape for a message.
  static func text(_ shape: [Int]) -> String {
    shape.count <= ImportLimits.rank ? "\(shape)" : "\(shape.count) dimensions"
  }

  private func tooLarge(_ message: String) -> ModelFileError {
    ModelFileError(
      .tooLarge, path: path, message: message,
      remedy: "Use a smaller network; MobileNets have a few million.")
  }

  // MARK: Errors

  func fault(
    _ node: ONNXNode, _ message: String, code: ModelFileError.Code = .unknownLayer,
    remedy: String = "Export the network without it."
  ) -> ModelFileError {
    ModelFileError(
      code, path: path, message: "The node \(Self.title(node)) \(message).", remedy: remedy)
  }

  static func title(_ node: ONNXNode) -> String {
    let name = node.name.isEmpty ? node.outputs.first ?? "without a name" : node.name
    return "\(name.prefix(200)) (\(node.type.prefix(60)))"
  }

  /// The tensor that `node` reads at `index`.
  func tensor(_ node: ONNXNode, _ index: Int) throws(ModelFileError) -> Tensor {
    guard let name = node.input(index), let tensor = tensors[name] else {
      throw fault(
        node, "needs an input \(index) that depends on the image", code: .wrongShape)
    }
    return Tensor(
      value: tensor.value, shape: tensor.shape, isShared: tensor.isShared || uses[name] != 1)
  }

  /// The constant that `node` reads at `index`.
  func constant(_ node: ONNXNode, _ index: Int) throws(ModelFileError) -> ConstantTensor {
    guard let name = node.input(index), let constant = constants[name] else {
      throw fault(
        node, "needs a constant as input \(index)",
        remedy: "Export the network with fixed sizes and constant folding.")
    }
    return constant
  }

  /// The constant that `node` may read at `index`, or `nil` if it has no such input.
  func optionalConstant(_ node: ONNXNode, _ index: Int) throws(ModelFileError) -> ConstantTensor? {
    node.input(index) == nil ? nil : try constant(node, index)
  }

  /// Integers that old operators have as an attribute, and newer ones as an input.
  func optionalIntegers(
    _ node: ONNXNode, _ key: String, _ index: Int
  ) throws(ModelFileError) -> [Int]? {
    if let values = node.integers(key) { return try list(node, values) }
    return try optionalConstant(node, index).map { constant throws(ModelFileError) in
      try list(node, constant)
    }
  }

  /// A list of axes, sides or positions, which no tensor can have many of.
  func list(_ node: ONNXNode, _ constant: ConstantTensor) throws(ModelFileError) -> [Int] {
    guard constant.values.count <= 2 * ImportLimits.rank else {
      throw fault(
        node, "reads a list of \(constant.values.count) numbers for its dimensions",
        code: .wrongShape)
    }
    return constant.integers
  }

  private func list(_ node: ONNXNode, _ values: [Int]) throws(ModelFileError) -> [Int] {
    guard values.count <= 2 * ImportLimits.rank else {
      throw fault(
        node, "has a list of \(values.count) numbers for its dimensions", code: .wrongShape)
    }
    return values
  }

  /// The same if they are required.
  func integers(
    _ node: ONNXNode, _ key: String, _ index: Int
  ) throws(ModelFileError) -> [Int] {
    if let values = node.integers(key) { return try list(node, values) }
    return try list(node, constant(node, index))
  }

  /// A number that old operators have as an attribute, and newer ones as an input.
  func number(
    _ node: ONNXNode, _ key: String, _ index: Int
  ) throws(ModelFileError) -> Double? {
    if let value = node.float(key) { return value }
    return try optionalConstant(node, index)?.scalar
  }
}

// MARK: - Attributes

extension ONNXNode {
  func integer(_ key: String) -> Int? {
    if case .integer(let value) = attributes[key] { Int(value) } else { nil }
  }

  func integers(_ key: String) -> [Int]? {
    if case .integers(let values) = attributes[key] { values.map { Int($0) } } else { nil }
  }

  func float(_ key: String) -> Double? {
    if case .float(let value) = attributes[key] { Double(value) } else { nil }
  }

  func floats(_ key: String) -> [Double]? {
    if case .floats(let values) = attributes[key] { values.map(Double.init) } else { nil }
  }

  func text(_ key: String) -> String? {
    if case .text(let value) = attributes[key] { value } else { nil }
  }
}
