/// Checks operators and turns them into the engine's form: maps as a graph, the rest as a tensor
/// program.
///
/// Operators on feature maps become nodes of the graph as far as it supports them. The rest works
/// on dense tensors, which convolutions cannot read.
struct OperatorCompiler {
  /// What a name refers to.
  enum Operand {
    case map(Value)
    case tensor(TensorView)

    var shape: [Int] {
      switch self {
      case .map(let value): [1, value.shape.channels, value.shape.height, value.shape.width]
      case .tensor(let view): view.shape
      }
    }
  }

  let source: OperatorGraph
  var builder: GraphBuilder
  var tensors = TensorProgram()
  /// For each buffer that holds maps, those maps one after the other.
  var maps: [Int: [Value]] = [:]
  private var mapBuffers: [[Value]: Int] = [:]
  private var operands: [String: Operand] = [:]
  private var total = 0

  init(_ source: OperatorGraph) throws(OperatorGraphError) {
    let sides = OperatorLimits.sides
    guard sides.contains(source.inputHeight), sides.contains(source.inputWidth) else {
      throw OperatorGraphError(
        "The input is \(source.inputWidth) x \(source.inputHeight) pixels; each side must be "
          + "\(sides.lowerBound) to \(sides.upperBound).")
    }
    let count = source.nodes.count + source.constants.count
    guard count <= OperatorLimits.nodes else {
      throw OperatorGraphError(
        "The network has \(count) operators and constants; "
          + "at most \(OperatorLimits.nodes) are supported.")
    }
    self.source = source
    builder = GraphBuilder(
      input: Shape(height: source.inputHeight, width: source.inputWidth, channels: 3))
    operands[OperatorGraph.input] = .map(builder.input)
  }

  /// The network in the engine's form.
  consuming func compile() throws(OperatorGraphError) -> (graph: Graph, tensors: TensorProgram) {
    for constant in source.constants {
      guard let count = Self.count(constant.shape) else {
        throw OperatorGraphError(
          "The constant \(constant.name) has the shape \(constant.shape), "
            + "which is empty or too large.")
      }
      let buffer = newBuffer(.constant(constant.name, shape: constant.shape), count)
      try define(constant.name, .tensor(TensorView(buffer: buffer, shape: constant.shape)))
    }
    for node in source.nodes {
      // Before the graph's builder sees it, which takes a name only once.
      try checkName(node.name)
      var inputs: [Operand] = []
      for name in node.inputs {
        guard let operand = operands[name] else {
          throw OperatorGraphError(node, "reads \(name), which nothing before it computes")
        }
        inputs.append(operand)
      }
      let result = try compile(node, inputs)
      try admit(result, node)
      try define(node.name, result)
    }
    try finishOutputs()
    let graph = builder.finish()
    let multiplyAdds = graph.nodes.reduce(0) { $0 + $1.work }
    let steps = tensors.steps.reduce(0) { $0 + $1.count }
    guard multiplyAdds <= OperatorLimits.multiplyAdds, steps <= OperatorLimits.loopSteps else {
      throw OperatorGraphError(
        "The network takes \(multiplyAdds) multiply-adds and \(steps) other steps for one "
          + "image; at most \(OperatorLimits.multiplyAdds) and "
          + "\(OperatorLimits.loopSteps) are allowed.")
    }
    return (graph, tensors)
  }

  // MARK: Names and sizes

  private mutating func define(
    _ name: String, _ operand: Operand
  ) throws(OperatorGraphError) {
    try checkName(name)
    operands[name] = operand
  }

  private func checkName(_ name: String) throws(OperatorGraphError) {
    guard operands[name] == nil else {
      throw OperatorGraphError("Two operators or constants are called \(name).")
    }
  }

  /// Rejects results that are far larger than any model of this family needs.
  private mutating func admit(_ operand: Operand, _ node: OperatorNode) throws(OperatorGraphError) {
    var padded = operand.shape
    if case .map(let value) = operand { padded[1] = paddedChannels(value.shape.channels) }
    guard let count = Self.count(padded), total + count <= OperatorLimits.total else {
      throw OperatorGraphError(node, "makes a tensor of \(operand.shape), which is too large")
    }
    total += count
  }

  /// Number of elements in a tensor of `shape`, or `nil` if a dimension is not positive or there
  /// are too many.
  static func count(_ shape: [Int]) -> Int? {
    guard shape.count <= OperatorLimits.rank, shape.allSatisfy({ $0 > 0 }),
      let count = checkedElementCount(shape), count <= OperatorLimits.tensor
    else { return nil }
    return count
  }

  // MARK: Buffers

  mutating func newBuffer(_ source: TensorProgram.Source, _ count: Int) -> Int {
    tensors.buffers.append(TensorProgram.Buffer(source: source, count: count))
    return tensors.buffers.count - 1
  }

  /// A new buffer for a tensor that a step writes.
  mutating func scratch(_ shape: [Int]) -> TensorView {
    TensorView(buffer: newBuffer(.scratch, shape.reduce(1, *)), shape: shape)
  }

  /// The buffer of the rows of maps, one map after the other.
  mutating func buffer(of values: [Value]) -> Int {
    if let known = mapBuffers[values] { return known }
    let name = "#\(mapBuffers.count)"
    let buffer = newBuffer(.map(name), values.reduce(0) { $0 + $1.shape.count })
    mapBuffers[values] = buffer
    maps[buffer] = values
    return buffer
  }

  /// Any operand as a tensor; a map has the shape `[1, channels, height, width]`.
  mutating func view(_ operand: Operand) -> TensorView {
    switch operand {
    case .tensor(let view): return view
    case .map(let value):
      let shape = value.shape
      let rows = TensorView(
        buffer: buffer(of: [value]), shape: [1, shape.height, shape.width, shape.channels])
      return rows.transposed([0, 3, 1, 2])
    }
  }

  /// The tensor with its elements in order, copied if necessary.
  mutating func contiguous(_ view: TensorView) -> TensorView {
    guard !view.isContiguous else { return view }
    let copy = scratch(view.shape)
    tensors.steps.append(TensorStep(.copy, output: copy, a: view))
    return copy
  }

  // MARK: Outputs

  private mutating func finishOutputs() throws(OperatorGraphError) {
    guard !source.outputs.isEmpty else { throw OperatorGraphError("The network has no outputs.") }
    for output in source.outputs {
      guard let operand = operands[output.value] else {
        throw OperatorGraphError(
          "The output \(output.name) refers to \(output.value), which does not exist.")
      }
      let view = contiguous(view(operand))
      if case .constant = tensors.buffers[view.buffer].source {
        throw OperatorGraphError("The output \(output.name) does not depend on the image.")
      }
      guard !tensors.outputNames.contains(output.name) else {
        throw OperatorGraphError("Two outputs are called \(output.name).")
      }
      tensors.outputNames.append(output.name)
      tensors.outputViews.append(view)
    }
    dropUnusedMaps()
  }

  /// Makes the maps that a step or an output reads outputs of the graph, and empties the buffers of
  /// the others.
  private mutating func dropUnusedMaps() {
    var used = Set(tensors.outputViews.map(\.buffer))
    for step in tensors.steps {
      used.formUnion([step.output.buffer, step.a.buffer, step.b.buffer])
    }
    for (index, buffer) in tensors.buffers.enumerated() {
      guard case .map(let name) = buffer.source, let values = maps[index] else { continue }
      if used.contains(index) {
        builder.output(values, name, columns: 1)
      } else {
        tensors.buffers[index] = .init(source: .scratch, count: 0)
      }
    }
  }
}

extension Node {
  /// Multiply-adds, or values that a pool reads.
  fileprivate var work: Double {
    switch operation {
    case .maxPool(let window), .averagePool(let window):
      Double(output.shape.count) * Double(window.kernel * window.kernel)
    default: Double(multiplyAdds)
    }
  }
}

extension OperatorGraph {
  /// Checks the network and turns it into the engine's form.
  ///
  /// - Throws: ``OperatorGraphError``, which names the faulty operator.
  public func compile() throws(OperatorGraphError) -> (graph: Graph, tensors: TensorProgram) {
    try OperatorCompiler(self).compile()
  }
}
