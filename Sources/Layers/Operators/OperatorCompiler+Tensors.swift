/// Operators on dense tensors.
extension OperatorCompiler {
  /// Appends the steps of one operator and returns its result.
  mutating func tensor(
    _ node: OperatorNode, _ inputs: [Operand]
  ) throws(OperatorGraphError) -> TensorView {
    let first = view(inputs[0])
    switch node.operation {
    case .add: return try combine(.add, node, first, view(inputs[1]))
    case .subtract: return try combine(.subtract, node, first, view(inputs[1]))
    case .multiply: return try combine(.multiply, node, first, view(inputs[1]))
    case .divide: return try combine(.divide, node, first, view(inputs[1]))
    case .matrixProduct: return try product(node, first, view(inputs[1]))
    case .concatenate(let axis): return try concatenate(node, axis, inputs)
    case .softmax(let axis):
      try checkAxis(axis, first, node)
      let order = first.shape.indices.filter { $0 != axis } + [axis]
      let result = scratch(first.shape)
      tensors.steps.append(
        TensorStep(.softmax, output: result.transposed(order), a: first.transposed(order)))
      return result
    case .mean(let axes): return try mean(node, axes, first)
    case .reshape(let shape):
      guard Self.count(shape) == first.count else {
        throw OperatorGraphError(
          node, "reshapes \(first.shape) to \(shape), which has another number of elements")
      }
      if let view = first.reshaped(shape) { return view }
      return TensorView(buffer: contiguous(first).buffer, shape: shape)
    case .transpose(let order):
      guard order.sorted() == Array(first.shape.indices) else {
        throw OperatorGraphError(
          node, "transposes \(first.shape) by \(order), which is not an order of its axes")
      }
      return first.transposed(order)
    case .slice(let slice):
      try checkAxis(slice.axis, first, node)
      let side = first.shape[slice.axis]
      guard (0..<side).contains(slice.start), (1...side).contains(slice.count),
        (1...side).contains(slice.step),
        slice.start + (slice.count - 1) * slice.step < side
      else { throw OperatorGraphError(node, "takes a slice that reaches outside \(first.shape)") }
      return first.sliced(slice.axis, start: slice.start, count: slice.count, step: slice.step)
    case .convolution, .maxPool, .averagePool, .globalAverage, .pad, .resize, .function:
      throw OperatorGraphError(node, "cannot read this tensor, only feature maps")
    }
  }

  private func checkAxis(
    _ axis: Int, _ view: TensorView, _ node: OperatorNode
  ) throws(OperatorGraphError) {
    guard view.shape.indices.contains(axis) else {
      throw OperatorGraphError(node, "works along axis \(axis), which \(view.shape) does not have")
    }
  }

  private mutating func combine(
    _ arithmetic: Arithmetic, _ node: OperatorNode, _ a: TensorView, _ b: TensorView
  ) throws(OperatorGraphError) -> TensorView {
    guard let shape = broadcastShape(a.shape, b.shape), Self.count(shape) != nil else {
      throw OperatorGraphError(node, "combines \(a.shape) and \(b.shape), which do not broadcast")
    }
    let result = scratch(shape)
    tensors.steps.append(
      TensorStep(
        .arithmetic(arithmetic), output: result, a: a.broadcast(to: shape),
        b: b.broadcast(to: shape)))
    return result
  }

  private mutating func product(
    _ node: OperatorNode, _ a: TensorView, _ b: TensorView
  ) throws(OperatorGraphError) -> TensorView {
    guard a.shape.count >= 2, b.shape.count >= 2,
      max(a.shape.count, b.shape.count) < OperatorLimits.rank,
      let rows = a.shape.dropLast().last, let columns = b.shape.last,
      let inner = a.shape.last, b.shape.dropLast().last == inner,
      let batch = broadcastShape(Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2))),
      Self.count(batch + [rows, columns]) != nil
    else {
      throw OperatorGraphError(
        node, "multiplies \(a.shape) by \(b.shape), which do not fit or are too large")
    }
    // `a` as [batch, rows, 1, inner], `b` as [batch, 1, columns, inner]: the innermost loop sums.
    var left = a.broadcast(to: batch + [rows, inner])
    left.shape.insert(1, at: left.shape.count - 1)
    left.strides.insert(0, at: left.strides.count - 1)
    let last = batch.count
    var right = b.broadcast(to: batch + [inner, columns])
      .transposed(Array(0..<last) + [last + 1, last])
    right.shape.insert(1, at: last)
    right.strides.insert(0, at: last)
    let loops = batch + [rows, columns, inner]
    let result = scratch(batch + [rows, columns])
    var output = result
    output.shape.append(1)
    output.strides.append(0)
    tensors.steps.append(
      TensorStep(
        .product, output: output, a: left.broadcast(to: loops), b: right.broadcast(to: loops)))
    return result
  }

  private mutating func mean(
    _ node: OperatorNode, _ axes: [Int], _ x: TensorView
  ) throws(OperatorGraphError) -> TensorView {
    for axis in axes { try checkAxis(axis, x, node) }
    guard !axes.isEmpty, Set(axes).count == axes.count else {
      throw OperatorGraphError(
        node, "takes the mean along \(axes); axes must be given, and each only once")
    }
    let kept = x.shape.indices.filter { !axes.contains($0) }
    let count = axes.reduce(1) { $0 * x.shape[$1] }
    let sides = kept.map { x.shape[$0] }
    var rows = contiguous(x.transposed(kept + axes))
    let first = rows.offset
    rows = TensorView(buffer: rows.buffer, shape: sides + [count])
    rows.offset = first
    let result = scratch(sides + [1])
    tensors.steps.append(TensorStep(.mean, output: result, a: rows))
    return TensorView(
      buffer: result.buffer,
      shape: x.shape.indices.map { axes.contains($0) ? 1 : x.shape[$0] })
  }

  private mutating func concatenate(
    _ node: OperatorNode, _ axis: Int, _ inputs: [Operand]
  ) throws(OperatorGraphError) -> TensorView {
    let parts = inputs.map { view($0) }
    try checkAxis(axis, parts[0], node)
    var shape = parts[0].shape
    for part in parts.dropFirst() {
      guard part.shape.count == shape.count,
        shape.indices.allSatisfy({ $0 == axis || part.shape[$0] == shape[$0] })
      else {
        throw OperatorGraphError(
          node, "concatenates \(shape) and \(part.shape), which differ along other axes")
      }
      shape[axis] += part.shape[axis]
    }
    guard Self.count(shape) != nil else {
      throw OperatorGraphError(node, "makes a tensor of \(shape), which is too large")
    }
    if let joined = joined(parts, axis) {
      return TensorView(buffer: buffer(of: joined), shape: shape)
    }
    let result = scratch(shape)
    var start = 0
    for part in parts {
      let place = result.sliced(axis, start: start, count: part.shape[axis])
      tensors.steps.append(TensorStep(.copy, output: place, a: part))
      start += part.shape[axis]
    }
    return result
  }

  /// The maps of all parts if each part consists of whole maps in order, else `nil`.
  ///
  /// The engine then writes them one after the other, and nothing has to be copied.
  private func joined(_ parts: [TensorView], _ axis: Int) -> [Value]? {
    var values: [Value] = []
    for part in parts {
      guard let own = maps[part.buffer], part.isContiguous, part.offset == 0,
        part.count == tensors.buffers[part.buffer].count,
        part.shape[..<axis].allSatisfy({ $0 == 1 })
      else { return nil }
      values += own
    }
    return Set(values).count == values.count ? values : nil
  }
}
