internal import Models
internal import Layers

/// Feeds the operators of TensorFlow's networks to the converter.
///
/// Maps have their channels last there, `[1, height, width, channels]`, and second in the
/// converter. What a convolution computes is kept in the converter's order as long as the operators
/// allow it; whatever depends on the order of the elements gets a transposed view.
struct ChannelsLast {
  private(set) var converter: ONNXConverter
  /// Names of the tensors that are in the converter's order.
  private var planar: Set<String> = []
  /// The same elements in the other order, by name.
  private var copies: [String: String] = [:]

  init(_ converter: ONNXConverter) { self.converter = converter }

  /// Position of each of TensorFlow's axes in the converter's order.
  private static let axes = [0, 2, 3, 1]

  /// An axis of a map in the converter's order.
  static func planarAxis(_ axis: Int) -> Int { axes[axis] }

  // MARK: Tensors

  /// Defines the image under the name that the network gives it.
  mutating func defineImage(_ name: String) {
    converter.tensors[name] = .init(
      value: OperatorGraph.input, shape: converter.shapes[OperatorGraph.input] ?? [])
    planar.insert(name)
  }

  /// Defines a constant in TensorFlow's order.
  mutating func define(_ name: String, _ constant: ConstantTensor) throws(ModelFileError) {
    try take(constant.values.count, for: .stored)
    setConstant(name, constant)
  }

  /// Defines a constant for which room was taken before.
  mutating func setConstant(_ name: String, _ constant: ConstantTensor) {
    converter.constants[name] = constant
  }

  /// Takes room for `count` numbers.
  mutating func take(_ count: Int, for use: ImportBudget.Use) throws(ModelFileError) {
    try converter.take(count, for: use)
  }

  /// Lets `name` stand for another tensor.
  mutating func alias(_ name: String, of other: String) {
    converter.tensors[name] = converter.tensors[other]
    if isPlanar(other) { planar.insert(name) }
  }

  func isPlanar(_ name: String) -> Bool { planar.contains(name) }

  /// The shape in TensorFlow's order, or `nil` for a tensor that doesn't exist.
  func shape(_ name: String) -> [Int]? {
    guard let shape = converter.tensors[name]?.shape ?? converter.constants[name]?.shape else {
      return nil
    }
    return isPlanar(name) ? Self.axes.map { shape[$0] } : shape
  }

  /// The name of the tensor in the converter's order.
  mutating func map(_ name: String) throws(ModelFileError) -> String {
    guard !isPlanar(name), shape(name)?.count == 4 else { return name }
    return try copy(name, [0, 3, 1, 2], isPlanar: true)
  }

  /// The name of the tensor in TensorFlow's order.
  mutating func plain(_ name: String) throws(ModelFileError) -> String {
    guard isPlanar(name) else { return name }
    return try copy(name, Self.axes, isPlanar: false)
  }

  private mutating func copy(
    _ name: String, _ order: [Int], isPlanar: Bool
  ) throws(ModelFileError) -> String {
    if let copy = copies[name] { return copy }
    let copy = "\(name), transposed"
    try converter.convert(
      ONNXNode(
        "Transpose", named: copy, [name], output: copy, ["perm": .integers(order.map(Int64.init))])
    )
    if isPlanar { planar.insert(copy) }
    // There may be more readers, so nothing may be folded into it.
    converter.uses[copy] = 2
    copies[name] = copy
    return copy
  }

  // MARK: Operators

  /// Appends an operator whose result has the converter's order if `isPlanar`.
  mutating func append(_ node: ONNXNode, isPlanar: Bool) throws(ModelFileError) {
    try converter.convert(node)
    if isPlanar, let output = node.outputs.first { planar.insert(output) }
  }

  /// A name for what only the next operator reads.
  mutating func intermediate(_ name: String) -> String {
    let result = "\(name), unfinished"
    converter.uses[result] = 1
    return result
  }

  /// Appends an operator on each element of one tensor.
  mutating func appendElementwise(_ node: ONNXNode) throws(ModelFileError) {
    try append(node, isPlanar: node.input(0).map(isPlanar) ?? false)
  }

  /// Appends an operator on the elements of two tensors, with broadcasting.
  mutating func appendArithmetic(_ node: ONNXNode) throws(ModelFileError) {
    var node = node
    let isMap = node.inputs.contains(where: isPlanar)
    let areMaps = node.inputs.allSatisfy { name in
      shape(name)?.count == 4 || converter.constants[name] != nil
    }
    for (index, name) in node.inputs.enumerated() {
      guard isMap, areMaps else {
        node.inputs[index] = try plain(name)
        continue
      }
      if let constant = converter.constants[name], (1...3).contains(constant.shape.count) {
        var raised = constant
        raised.shape = [Int](repeating: 1, count: 4 - constant.shape.count) + constant.shape
        let wide = "\(name), of rank four"
        converter.constants[wide] = raised
        node.inputs[index] = try map(wide)
      } else {
        node.inputs[index] = try map(name)
      }
    }
    try append(node, isPlanar: isMap && areMaps)
  }

  /// Appends a concatenation along one of TensorFlow's axes.
  mutating func appendConcatenation(
    _ name: String, _ inputs: [String], output: String, axis: Int
  ) throws(ModelFileError) {
    let rank = inputs.first.flatMap { shape($0)?.count } ?? 0
    let isMap =
      rank == 4 && inputs.allSatisfy { shape($0)?.count == 4 }
      && inputs.contains(where: isPlanar) && (-4..<4).contains(axis)
    var parts: [String] = []
    for input in inputs { parts.append(isMap ? try map(input) : try plain(input)) }
    let place = isMap ? Self.axes[axis < 0 ? axis + 4 : axis] : axis
    let node = ONNXNode(
      "Concat", named: name, parts, output: output, ["axis": .integer(Int64(place))])
    try append(node, isPlanar: isMap)
  }

  /// Appends the mean along some of TensorFlow's axes.
  mutating func appendMean(
    _ name: String, _ input: String, output: String, axes: [Int], keepsAxes: Bool
  ) throws(ModelFileError) {
    let rank = shape(input)?.count ?? 0
    let isMap =
      isPlanar(input) && axes.map { $0 < 0 && $0 >= -rank ? $0 + rank : $0 }.sorted() == [1, 2]
    let node = ONNXNode(
      "ReduceMean", named: name, [isMap ? input : try plain(input)], output: output,
      [
        "axes": .integers(isMap ? [2, 3] : axes.map(Int64.init)),
        "keepdims": .integer(keepsAxes ? 1 : 0),
      ])
    try append(node, isPlanar: isMap && keepsAxes)
  }

  /// Appends a reshaping to `shape`, in TensorFlow's order.
  mutating func appendReshape(
    _ name: String, _ input: String, output: String, to shape: [Int]
  ) throws(ModelFileError) {
    let node = ONNXNode(
      "Reshape", named: name, [try plain(input)], output: output,
      ["shape": .integers(shape.map(Int64.init))])
    try append(node, isPlanar: false)
  }
}
