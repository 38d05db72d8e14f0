internal import Models
internal import Layers

/// Operators whose result does not depend on the image.
extension ONNXConverter {
  /// The result of `node` if it depends only on constants and shapes, or `nil`.
  func folded(_ node: ONNXNode) throws(ModelFileError) -> ConstantTensor? {
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
    case "Exp": return applied(x) { Double(exponential(Float($0))) }
    case "Relu": return applied(x) { max($0, 0) }
    case "Sqrt": return applied(x) { $0.squareRoot() }
    case "Floor": return applied(x) { $0.rounded(.down) }
    case "Ceil": return applied(x) { $0.rounded(.up) }
    case "Neg": return applied(x) { -$0 }
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze":
      return ConstantTensor(
        shape: try reshaped(node, x.shape), values: x.values, isInteger: x.isInteger)
    case "Transpose":
      let order = node.integers("perm") ?? Array(x.shape.indices.reversed())
      guard order.sorted() == Array(x.shape.indices) else {
        throw fault(
          node, "transposes \(x.shape) by \(order), which is not an order of its axes",
          code: .wrongShape)
      }
      return x.gathered(order.map { x.shape[$0] }, strides: order.map { x.strides[$0] })
    case "Slice": return try sliced(node, x)
    case "Concat": return try joined(node)
    case "Gather": return try picked(node, x)
    case "ConstantOfShape": return try filled(node, x)
    case "Expand":
      guard let shape = broadcastShape(x.shape, try constant(node, 1).integers),
        let result = x.broadcast(to: shape)
      else { throw fault(node, "cannot expand \(x.shape) to its shape", code: .wrongShape) }
      return result
    default: throw unsupported(node)
    }
  }

  private func literal(_ node: ONNXNode) throws(ModelFileError) -> ConstantTensor {
    switch node.attributes.first?.value {
    case .tensor(let tensor):
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
      return ConstantTensor(
        shape: [values.count], values: values.map(Double.init), isInteger: false)
    case .integers(let values): return ConstantTensor(integers: values.map { Int($0) })
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

  private func applied(_ x: ConstantTensor, _ body: (Double) -> Double) -> ConstantTensor {
    ConstantTensor(shape: x.shape, values: x.values.map(body), isInteger: x.isInteger)
  }

  private func cast(_ node: ONNXNode, _ x: ConstantTensor) throws(ModelFileError) -> ConstantTensor
  {
    switch node.integer("to") {
    case 1, 10, 11, 16:
      return ConstantTensor(shape: x.shape, values: x.values, isInteger: false)
    case 2, 3, 6, 7, 9:
      return ConstantTensor(
        shape: x.shape, values: x.values.map { $0.rounded(.towardZero) }, isInteger: true)
    default: throw fault(node, "casts to an unsupported number format")
    }
  }

  private func combined(
    _ node: ONNXNode, _ body: (Double, Double) -> Double
  ) throws(ModelFileError) -> ConstantTensor {
    let (a, b) = (try constant(node, 0), try constant(node, 1))
    guard let result = a.combined(b, body) else {
      throw fault(
        node, "combines \(a.shape) and \(b.shape), which do not broadcast", code: .wrongShape)
    }
    return result
  }

  private func sliced(
    _ node: ONNXNode, _ x: ConstantTensor
  ) throws(ModelFileError) -> ConstantTensor {
    var result = x
    for cut in try cuts(node, of: x.shape) {
      var (shape, strides) = (result.shape, result.strides)
      let offset = cut.start * strides[cut.axis]
      shape[cut.axis] = cut.count
      strides[cut.axis] *= cut.step
      result = result.gathered(shape, strides: strides, offset: offset)
    }
    return result
  }

  private func joined(_ node: ONNXNode) throws(ModelFileError) -> ConstantTensor {
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
    var values: [Double] = []
    for row in 0..<shape[..<axis].reduce(1, *) {
      for part in parts {
        let length = part.shape[axis...].reduce(1, *)
        values += part.values[row * length..<(row + 1) * length]
      }
    }
    return ConstantTensor(
      shape: shape, values: values, isInteger: parts.allSatisfy(\.isInteger))
  }

  private func picked(
    _ node: ONNXNode, _ x: ConstantTensor
  ) throws(ModelFileError) -> ConstantTensor {
    let indices = try constant(node, 1)
    let axis = try normalized(node, [node.integer("axis") ?? 0], rank: x.shape.count)[0]
    let side = x.shape[axis]
    let length = x.shape[(axis + 1)...].reduce(1, *)
    var values: [Double] = []
    for row in 0..<x.shape[..<axis].reduce(1, *) {
      for index in indices.integers {
        guard (-side..<side).contains(index) else {
          throw fault(
            node, "reads index \(index) of an axis of length \(side)", code: .wrongShape)
        }
        let start = (row * side + (index < 0 ? index + side : index)) * length
        values += x.values[start..<start + length]
      }
    }
    var shape = x.shape
    shape.replaceSubrange(axis...axis, with: indices.shape)
    return ConstantTensor(shape: shape, values: values, isInteger: x.isInteger)
  }

  private func filled(
    _ node: ONNXNode, _ x: ConstantTensor
  ) throws(ModelFileError) -> ConstantTensor {
    let shape = x.integers
    guard let count = shapeCount(shape), count <= 1 << 26 else {
      throw fault(
        node, "makes a tensor of \(shape), which is invalid or too large", code: .wrongShape)
    }
    var value = ConstantTensor(0)
    if case .tensor(let tensor) = node.attributes["value"], let given = try? tensor.numbers() {
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
