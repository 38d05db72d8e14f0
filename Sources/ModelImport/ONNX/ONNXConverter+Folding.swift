internal import Models
internal import Layers

/// Operators whose result does not depend on the image.
extension ONNXConverter {
  /// The result of `node` if it depends only on constants and shapes, or `nil`.
  mutating func folded(_ node: ONNXNode) throws(ModelFileError) -> ConstantTensor? {
    switch node.type {
    case "Constant": return try literal(node)
    case "Shape": return try sizes(node)
    default: break
    }
    let names = node.inputs.filter { !$0.isEmpty }
    guard !names.isEmpty, names.allSatisfy({ constants[$0] != nil }) else { return nil }
    let x = try constant(node, 0)
    switch node.type {
    case "Identity", "Dropout": return x
    case "Cast": return try cast(node, x)
    case "Add": return try combined(node, +)
    case "Sub": return try combined(node, -)
    case "Mul": return try combined(node, *)
    case "Div":
      if x.isInteger, try constant(node, 1).values.contains(0) {
        throw fault(node, "divides by zero", code: .damaged)
      }
      return try combined(node) { x.isInteger ? ($0 / $1).rounded(.towardZero) : $0 / $1 }
    case "Exp": return try applied(node, x) { Double(exponential(Float($0))) }
    case "Relu": return try applied(node, x) { max($0, 0) }
    case "Sqrt": return try applied(node, x) { $0.squareRoot() }
    case "Floor": return try applied(node, x) { $0.rounded(.down) }
    case "Ceil": return try applied(node, x) { $0.rounded(.up) }
    case "Neg": return try applied(node, x) { -$0 }
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
      return ConstantTensor(
        shape: try reshaped(node, x.shape), values: x.values, isInteger: x.isInteger)
    case "Transpose":
      let order = node.integers("perm") ?? Array(x.shape.indices.reversed())
      guard order.sorted() == Array(x.shape.indices) else {
        throw fault(
          node, "transposes \(x.shape) by \(Self.text(order)), which is not an order of its axes",
          code: .wrongShape)
      }
      try reserve(node, x.shape)
      return x.gathered(order.map { x.shape[$0] }, strides: order.map { x.strides[$0] })
    case "Slice": return try sliced(node, x)
    case "Concat": return try joined(node)
    case "Gather": return try picked(node, x)
    case "ConstantOfShape": return try filled(node, x)
    case "Range": return try progression(node)
    case "Tile": return try tiled(node, x)
    case "Min": return try extreme(node) { min($0, $1) }
    case "Max": return try extreme(node) { max($0, $1) }
    case "Expand":
      let sides = try list(node, constant(node, 1))
      guard let shape = broadcastShape(x.shape, sides) else {
        throw fault(node, "cannot expand \(x.shape) to \(sides)", code: .wrongShape)
      }
      try reserve(node, shape)
      guard let result = x.broadcast(to: shape) else {
        throw fault(node, "cannot expand \(x.shape) to \(sides)", code: .wrongShape)
      }
      return result
    default: throw unsupported(node)
    }
  }

  private mutating func literal(_ node: ONNXNode) throws(ModelFileError) -> ConstantTensor {
    switch node.attributes.first?.value {
    case .tensor(let tensor):
      try take(tensor.count ?? 0, for: .stored)
      do {
        return try tensor.numbers()
      } catch {
        throw ModelFileError(
          .damaged, path: path, message: error.message, remedy: "Export the network again.")
      }
    case .float(let value): return ConstantTensor(Double(value))
    case .integer(let value):
      return ConstantTensor(shape: [], values: [Double(value)], isInteger: true)
    case .floats(let values):
      try take(values.count, for: .stored)
      return ConstantTensor(
        shape: [values.count], values: values.map(Double.init), isInteger: false)
    case .integers(let values):
      try take(values.count, for: .stored)
      return ConstantTensor(integers: values.map { Int($0) })
    default: throw fault(node, "has a value of an unsupported type")
    }
  }

  private func sizes(_ node: ONNXNode) throws(ModelFileError) -> ConstantTensor {
    guard let name = node.input(0), let shape = tensors[name]?.shape ?? constants[name]?.shape
    else { throw fault(node, "has no input", code: .damaged) }
    func clamped(_ position: Int) -> Int {
      min(max(position < 0 ? max(position, -shape.count) + shape.count : position, 0), shape.count)
    }
    let start = clamped(node.integer("start") ?? 0)
    let end = clamped(node.integer("end") ?? shape.count)
    return ConstantTensor(integers: start < end ? Array(shape[start..<end]) : [])
  }

  private mutating func applied(
    _ node: ONNXNode, _ x: ConstantTensor, _ body: (Double) -> Double
  ) throws(ModelFileError) -> ConstantTensor {
    try reserve(node, x.shape)
    return ConstantTensor(shape: x.shape, values: x.values.map(body), isInteger: x.isInteger)
  }

  private mutating func cast(
    _ node: ONNXNode, _ x: ConstantTensor
  ) throws(ModelFileError) -> ConstantTensor {
    switch node.integer("to") {
    case 1, 10, 11, 16:
      return ConstantTensor(shape: x.shape, values: x.values, isInteger: false)
    case 2, 3, 6, 7, 9:
      try reserve(node, x.shape)
      return ConstantTensor(
        shape: x.shape, values: x.values.map { $0.rounded(.towardZero) }, isInteger: true)
    default: throw fault(node, "casts to an unsupported number format")
    }
  }

  private mutating func combined(
    _ node: ONNXNode, _ body: (Double, Double) -> Double
  ) throws(ModelFileError) -> ConstantTensor {
    let (a, b) = (try constant(node, 0), try constant(node, 1))
    if let shape = broadcastShape(a.shape, b.shape) {
      try reserve(node, shape)
      if let result = a.combined(b, body) { return result }
    }
    throw fault(
      node, "combines \(a.shape) and \(b.shape), which do not broadcast", code: .wrongShape)
  }

  private mutating func sliced(
    _ node: ONNXNode, _ x: ConstantTensor
  ) throws(ModelFileError) -> ConstantTensor {
    var result = x
    for cut in try cuts(node, of: x.shape) {
      var (shape, strides) = (result.shape, result.strides)
      let offset = cut.start * strides[cut.axis]
      shape[cut.axis] = cut.count
      strides[cut.axis] *= cut.step
      try reserve(node, shape)
      result = result.gathered(shape, strides: strides, offset: offset)
    }
    return result
  }

  private mutating func joined(_ node: ONNXNode) throws(ModelFileError) -> ConstantTensor {
    var parts: [ConstantTensor] = []
    for index in node.inputs.indices { parts.append(try constant(node, index)) }
    var shape = parts[0].shape
    let axis = try normalized(node, [node.integer("axis") ?? 1], rank: shape.count)[0]
    guard
      parts.allSatisfy({ part in
        part.shape.count == shape.count
          && shape.indices.allSatisfy { $0 == axis || part.shape[$0] == shape[$0] }
      })
    else { throw fault(node, "concatenates constants of different shapes", code: .wrongShape) }
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let rows = shape[..<axis].reduce(1, *)
    try reserve(node, shape, steps: rows * parts.count)
    var values: [Double] = []
    for row in 0..<rows {
      for part in parts {
        let length = part.shape[axis...].reduce(1, *)
        values += part.values[row * length..<(row + 1) * length]
      }
    }
    return ConstantTensor(
      shape: shape, values: values, isInteger: parts.allSatisfy(\.isInteger))
  }

  private mutating func picked(
    _ node: ONNXNode, _ x: ConstantTensor
  ) throws(ModelFileError) -> ConstantTensor {
    let indices = try constant(node, 1)
    let axis = try normalized(node, [node.integer("axis") ?? 0], rank: x.shape.count)[0]
    let side = x.shape[axis]
    let length = x.shape[(axis + 1)...].reduce(1, *)
    let rows = x.shape[..<axis].reduce(1, *)
    var shape = x.shape
    shape.replaceSubrange(axis...axis, with: indices.shape)
    try reserve(node, shape, steps: max(rows, 1) * indices.values.count)
    let positions = indices.integers
    var values: [Double] = []
    for row in 0..<rows {
      for index in positions {
        guard (-side..<side).contains(index) else {
          throw fault(
            node, "reads index \(index) of an axis of length \(side)", code: .wrongShape)
        }
        let start = (row * side + (index < 0 ? index + side : index)) * length
        values += x.values[start..<start + length]
      }
    }
    return ConstantTensor(shape: shape, values: values, isInteger: x.isInteger)
  }

  private mutating func filled(
    _ node: ONNXNode, _ x: ConstantTensor
  ) throws(ModelFileError) -> ConstantTensor {
    let shape = try list(node, x)
    try reserve(node, shape)
    let count = shape.reduce(1, *)
    var value = ConstantTensor(0)
    if case .tensor(let tensor) = node.attributes["value"], tensor.count == 1,
      let given = try? tensor.numbers()
    {
      value = given
    }
    return ConstantTensor(
      shape: shape, values: [Double](repeating: value.scalar ?? 0, count: count),
      isInteger: value.isInteger)
  }

  // MARK: Shapes

  /// The shape that `Reshape`, `Flatten`, `Squeeze` or `Unsqueeze` gives to a tensor of `shape`.
  func reshaped(_ node: ONNXNode, _ shape: [Int]) throws(ModelFileError) -> [Int] {
    switch node.type {
    case "Flatten":
      let axis = node.integer("axis") ?? 1
      guard (-shape.count...shape.count).contains(axis) else {
        throw fault(
          node, "has the axis \(axis), but a tensor of rank \(shape.count)", code: .wrongShape)
      }
      let cut = axis < 0 ? axis + shape.count : axis
      return [shape[..<cut].reduce(1, *), shape[cut...].reduce(1, *)]
    case "Squeeze":
      guard let given = try optionalIntegers(node, "axes", 1) else {
        return shape.filter { $0 != 1 }
      }
      let axes = try normalized(node, given, rank: shape.count)
      guard axes.allSatisfy({ shape[$0] == 1 }) else {
        throw fault(node, "removes axes of \(shape) that are not 1", code: .wrongShape)
      }
      return shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    case "Unsqueeze":
      let given = try integers(node, "axes", 1)
      guard shape.count + given.count <= ImportLimits.rank else {
        throw fault(
          node, "makes a tensor of \(shape.count + given.count) dimensions", code: .tooLarge)
      }
      let axes = try normalized(node, given, rank: shape.count + given.count)
      guard Set(axes).count == axes.count else {
        throw fault(node, "inserts an axis twice", code: .wrongShape)
      }
      var rest = shape[...]
      return (0..<shape.count + axes.count).map { axes.contains($0) ? 1 : rest.removeFirst() }
    default: return try target(node, shape)
    }
  }

  /// The shape that a `Reshape` asks for; one dimension may be left open.
  private func target(_ node: ONNXNode, _ shape: [Int]) throws(ModelFileError) -> [Int] {
    var result = try integers(node, "shape", 1)
    let keepsZeros = node.integer("allowzero") ?? 0 != 0
    for (axis, side) in result.enumerated() where side == 0 && !keepsZeros && axis < shape.count {
      result[axis] = shape[axis]
    }
    let count = shape.reduce(1, *)
    let open = result.indices.filter { result[$0] == -1 }
    if open.count == 1, let known = shapeCount(result.map { $0 == -1 ? 1 : $0 }), known > 0,
      count % known == 0
    {
      result[open[0]] = count / known
    }
    guard result.count <= 8, shapeCount(result) == count else {
      throw fault(
        node, "reshapes \(shape) to \(result), which has another number of elements",
        code: .wrongShape)
    }
    return result
  }
}
