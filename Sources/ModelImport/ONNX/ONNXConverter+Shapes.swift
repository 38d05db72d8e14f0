internal import Models
internal import Layers

/// Operators that average, concatenate, slice and transpose tensors.
extension ONNXConverter {
  mutating func mean(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    let rank = x.shape.count
    var axes = Array(0..<rank)
    if node.type == "GlobalAveragePool" {
      axes = Array(2..<max(rank, 2))
    } else if let given = try optionalIntegers(node, "axes", 1),
      !given.isEmpty
    {
      axes = try normalized(node, given, rank: rank).sorted()
    }
    guard !axes.isEmpty, Set(axes).count == axes.count else {
      throw fault(
        node, "takes the mean of \(x.shape) along \(axes); axes must be given, and each only once",
        code: .wrongShape)
    }
    var result: Tensor
    if rank == 4, axes == [2, 3] {
      result = globalAverage(node, x)
    } else {
      let shape = x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] }
      let name = hint(node)
      result = Tensor(
        value: append(name, .mean(axes: axes), [settled(x, name)], shape), shape: shape)
    }
    if node.type == "ReduceMean", node.integer("keepdims") ?? 1 == 0 {
      result.shape = x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] }
    }
    return result
  }

  mutating func concatenate(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let name = hint(node)
    var values: [String] = []
    var shape: [Int] = []
    var axis = 0
    for (index, input) in node.inputs.enumerated() {
      let part: (value: String, shape: [Int])
      if let constant = constants[input] {
        part = (try store(constant, "\(name).constant"), constant.shape)
      } else {
        let tensor = try tensor(node, index)
        part = (settled(tensor, name), tensor.shape)
      }
      values.append(part.value)
      if index == 0 {
        shape = part.shape
        axis = try normalized(node, [node.integer("axis") ?? 1], rank: shape.count)[0]
        continue
      }
      guard part.shape.count == shape.count,
        shape.indices.allSatisfy({ $0 == axis || shape[$0] == part.shape[$0] })
      else {
        throw fault(
          node, "concatenates \(shape) and \(part.shape), which differ along other axes",
          code: .wrongShape)
      }
      shape[axis] += part.shape[axis]
    }
    let value = append(name, .concatenate(axis: axis), values, shape)
    return Tensor(value: value, shape: shape)
  }

  mutating func transpose(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    var x = try tensor(node, 0)
    let rank = x.shape.count
    let order = node.integers("perm") ?? Array((0..<rank).reversed())
    guard order.sorted() == Array(0..<rank) else {
      throw fault(
        node, "transposes \(x.shape) by \(order), which is not an order of its axes",
        code: .wrongShape)
    }
    let shape = order.map { x.shape[$0] }
    let moved = order.filter { x.shape[$0] != 1 }
    if moved == moved.sorted() {
      x.shape = shape
      return x
    }
    let name = hint(node)
    // Two transpositions that cancel each other are dropped.
    if shapes[x.value] == x.shape, let index = places[x.value],
      case .transpose(let before) = nodes[index].operation,
      order.map({ before[$0] }) == Array(0..<rank), let source = nodes[index].inputs.first
    {
      return Tensor(value: source, shape: shape, isShared: true)
    }
    return Tensor(
      value: append(name, .transpose(order), [settled(x, name)], shape), shape: shape)
  }

  mutating func slice(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    let name = hint(node)
    var shape = x.shape
    var value = settled(x, name)
    for cut in try cuts(node, of: shape) {
      guard cut.step > 0, cut.count > 0 else {
        throw fault(
          node, "slices \(cut.count) positions in steps of \(cut.step); both must be positive")
      }
      guard cut.count != shape[cut.axis] || cut.step != 1 else { continue }
      shape[cut.axis] = cut.count
      value = append(name, .slice(cut), [value], shape)
    }
    return Tensor(value: value, shape: shape)
  }

  /// The positions that a `Slice` takes along each axis, in descending order if a step is negative.
  func cuts(
    _ node: ONNXNode, of shape: [Int]
  ) throws(ModelFileError) -> [Operator.Slice] {
    let starts = try integers(node, "starts", 1)
    let ends = try integers(node, "ends", 2)
    let given = try optionalIntegers(node, "axes", 3)
    let axes = try normalized(node, given ?? Array(starts.indices), rank: shape.count)
    let steps =
      try optionalIntegers(node, "steps", 4) ?? [Int](repeating: 1, count: starts.count)
    guard starts.count == ends.count, starts.count == axes.count, starts.count == steps.count else {
      throw fault(node, "has different numbers of starts, ends, axes and steps", code: .wrongShape)
    }
    var result: [Operator.Slice] = []
    for (index, axis) in axes.enumerated() {
      let side = shape[axis]
      func clamped(_ position: Int, _ range: ClosedRange<Int>) -> Int {
        let counted = position < 0 ? max(position, -side - 1) + side : position
        return min(max(counted, range.lowerBound), range.upperBound)
      }
      let step = min(max(steps[index], -side - 1), side + 1)
      guard step != 0 else { throw fault(node, "has a step of 0", code: .wrongShape) }
      let start = clamped(starts[index], step > 0 ? 0...side : 0...max(side - 1, 0))
      let end = step > 0 ? clamped(ends[index], 0...side) : clamped(ends[index], -1...side)
      let span = step > 0 ? end - start : start - end
      let count = span > 0 ? (span - 1) / abs(step) + 1 : 0
      result.append(Operator.Slice(axis: axis, start: start, count: count, step: step))
    }
    return result
  }

  mutating func gather(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    let indices = try constant(node, 1)
    let axis = try normalized(node, [node.integer("axis") ?? 0], rank: x.shape.count)[0]
    guard indices.values.count == 1, let index = indices.integers.first else {
      throw fault(node, "reads several indices; only a single one is supported")
    }
    let side = x.shape[axis]
    guard (-side..<side).contains(index) else {
      throw fault(
        node, "reads index \(index) of an axis of length \(side)", code: .wrongShape)
    }
    var shape = x.shape
    shape[axis] = 1
    let name = hint(node)
    let cut = Operator.Slice(axis: axis, start: index < 0 ? index + side : index, count: 1)
    let value = append(name, .slice(cut), [settled(x, name)], shape)
    shape.replaceSubrange(axis...axis, with: indices.shape)
    return Tensor(value: value, shape: shape)
  }

  mutating func softmax(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    let rank = x.shape.count
    let axis = try normalized(node, [node.integer("axis") ?? (opset < 13 ? 1 : -1)], rank: rank)[0]
    let name = hint(node)
    // Before opset 13 softmax ran over all axes from `axis` on, as one.
    if opset < 13, axis < rank - 1 {
      let rows = x.shape[..<axis].reduce(1, *)
      let flatShape = [rows, x.shape[axis...].reduce(1, *)]
      let flat = settled(Tensor(value: x.value, shape: flatShape), name)
      return Tensor(value: append(name, .softmax(axis: 1), [flat], flatShape), shape: x.shape)
    }
    let value = append(name, .softmax(axis: axis), [settled(x, name)], x.shape)
    return Tensor(value: value, shape: x.shape)
  }
}
