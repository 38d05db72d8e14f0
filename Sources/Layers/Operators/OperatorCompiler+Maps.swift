/// Operators on feature maps, which become nodes of the graph.
extension OperatorCompiler {
  /// Appends one operator and returns its result.
  mutating func compile(
    _ node: OperatorNode, _ inputs: [Operand]
  ) throws(OperatorGraphError) -> Operand {
    let needed: ClosedRange<Int> =
      switch node.operation {
      case .add, .subtract, .multiply, .divide, .matrixProduct: 2...2
      case .concatenate: 1...OperatorLimits.nodes
      default: 1...1
      }
    guard needed.contains(inputs.count) else {
      let expected = "\(needed.lowerBound)\(needed.count > 1 ? " or more" : "")"
      throw OperatorGraphError(node, "reads \(inputs.count) tensors; it must read \(expected)")
    }
    switch node.operation {
    case .convolution(let numbers):
      return .map(try convolution(node, numbers, map(inputs[0], node)))
    case .maxPool(let numbers), .averagePool(let numbers):
      return .map(try pool(node, numbers, map(inputs[0], node)))
    case .globalAverage:
      return .map(builder.globalAveragePool(try map(inputs[0], node), node.name))
    case .pad(let border):
      for side in [border.top, border.left, border.bottom, border.right] {
        try check(side, 0...OperatorLimits.sides.upperBound, "border", node)
      }
      return .map(builder.pad(try map(inputs[0], node), node.name, border))
    case .resize(let resampling):
      return .map(try resize(node, resampling, map(inputs[0], node)))
    case .function(let function): return try self.function(node, function, inputs[0])
    case .add, .multiply:
      if case .map(let a) = inputs[0], case .map(let b) = inputs[1],
        let result = combined(node, a, b)
      {
        return .map(result)
      }
    case .concatenate(axis: 1):
      let values = inputs.compactMap { if case .map(let value) = $0 { value } else { nil } }
      if values.count == inputs.count,
        values.allSatisfy({
          ($0.shape.height, $0.shape.width) == (values[0].shape.height, values[0].shape.width)
        }),
        OperatorLimits.channels.contains(values.reduce(0) { $0 + $1.shape.channels })
      {
        return .map(builder.concatenate(values, node.name))
      }
    default: break
    }
    return .tensor(try tensor(node, inputs))
  }

  func check(
    _ value: Int, _ range: ClosedRange<Int>, _ what: String, _ node: OperatorNode
  ) throws(OperatorGraphError) {
    guard range.contains(value) else {
      throw OperatorGraphError(
        node, "has the \(what) \(value); it must be \(range.lowerBound) to \(range.upperBound)")
    }
  }

  private func map(
    _ operand: Operand, _ node: OperatorNode
  ) throws(OperatorGraphError) -> Value {
    guard case .map(let value) = operand else {
      throw OperatorGraphError(
        node,
        "reads a tensor of \(operand.shape) that is not a feature map; "
          + "it cannot read constants, or maps that were reshaped, transposed or sliced")
    }
    return value
  }

  // MARK: Windows

  private func window(
    _ node: OperatorNode, kernel: Int, stride: Int, dilation: Int, padding: Operator.BorderRule,
    roundsUp: Bool, over shape: Shape
  ) throws(OperatorGraphError) -> Window {
    try check(kernel, OperatorLimits.kernels, "kernel", node)
    try check(stride, OperatorLimits.strides, "stride", node)
    try check(dilation, OperatorLimits.dilations, "dilation", node)
    let window = Window(
      kernel: kernel, stride: stride, padding: padding.padding, roundsUp: roundsUp,
      dilation: dilation)
    if case .zeros(let zeros) = padding {
      try check(zeros, 0...max(window.reach - 1, 0), "padding", node)
    }
    guard window.extent(over: shape.height).outputs > 0,
      window.extent(over: shape.width).outputs > 0
    else {
      throw OperatorGraphError(
        node, "has a window of \(window.reach) pixels, but a map of only \(shape)")
    }
    return window
  }

  private mutating func convolution(
    _ node: OperatorNode, _ numbers: Operator.Convolution, _ x: Value
  ) throws(OperatorGraphError) -> Value {
    let inputs = x.shape.channels
    try check(numbers.channels, OperatorLimits.channels, "number of channels", node)
    guard numbers.groups > 0, inputs % numbers.groups == 0, numbers.channels % numbers.groups == 0
    else {
      throw OperatorGraphError(
        node,
        "has \(numbers.groups) groups, which do not divide \(inputs) and "
          + "\(numbers.channels) channels")
    }
    let window = try window(
      node, kernel: numbers.kernel, stride: numbers.stride, dilation: numbers.dilation,
      padding: numbers.padding, roundsUp: false, over: x.shape)
    let weights = [numbers.channels, inputs / numbers.groups, numbers.kernel, numbers.kernel]
    let row = [window.extent(over: x.shape.width).outputs, inputs, numbers.kernel, numbers.kernel]
    let border = [
      x.shape.height + 2 * window.reach, x.shape.width + 2 * window.reach, paddedChannels(inputs),
    ]
    guard Self.count(weights) != nil, Self.count(row) != nil, Self.count(border) != nil else {
      throw OperatorGraphError(node, "has too many weights, or too large an input")
    }
    if numbers.groups == 1 {
      return builder.convolution(
        x, node.name, outputChannels: numbers.channels, window: window,
        activation: numbers.activation)
    }
    // A depthwise kernel computes the gaps of its dilation, too.
    if numbers.groups == inputs, numbers.channels == inputs, window.reach <= 32 {
      return builder.depthwise(x, node.name, window: window, activation: numbers.activation)
    }
    return builder.grouped(
      x, node.name, outputChannels: numbers.channels, groups: numbers.groups, window: window,
      activation: numbers.activation)
  }

  private mutating func pool(
    _ node: OperatorNode, _ numbers: Operator.Pooling, _ x: Value
  ) throws(OperatorGraphError) -> Value {
    let window = try window(
      node, kernel: numbers.kernel, stride: numbers.stride, dilation: 1, padding: numbers.padding,
      roundsUp: numbers.roundsUp, over: x.shape)
    if case .maxPool = node.operation { return builder.maxPool(x, node.name, window: window) }
    return builder.averagePool(x, node.name, window: window)
  }

  private mutating func resize(
    _ node: OperatorNode, _ resampling: Resampling, _ x: Value
  ) throws(OperatorGraphError) -> Value {
    try check(resampling.height, OperatorLimits.sides, "height", node)
    try check(resampling.width, OperatorLimits.sides, "width", node)
    let scales = [resampling.rowScale, resampling.columnScale]
    guard scales.allSatisfy({ $0 > 1e-4 && $0 < 1e4 }) else {
      throw OperatorGraphError(
        node, "has the scales \(scales); they must be between 0.0001 and 10000")
    }
    return builder.resize(x, node.name, resampling)
  }

  // MARK: Elementwise

  private mutating func function(
    _ node: OperatorNode, _ function: ElementFunction, _ operand: Operand
  ) throws(OperatorGraphError) -> Operand {
    if case .clamp(let lower, let upper) = function, !(lower <= upper) {
      throw OperatorGraphError(node, "has a lower bound of \(lower) and an upper bound of \(upper)")
    }
    switch operand {
    case .map(let value):
      if case .activation(let activation) = function {
        return .map(builder.activation(value, node.name, activation))
      }
      return .map(builder.function(value, node.name, function))
    case .tensor(let view):
      let result = scratch(view.shape)
      tensors.steps.append(TensorStep(.function(function), output: result, a: view))
      return .tensor(result)
    }
  }

  /// The sum or product of two maps, or `nil` if the graph cannot compute it.
  private mutating func combined(_ node: OperatorNode, _ a: Value, _ b: Value) -> Value? {
    let isSum = node.operation == .add
    if a.shape == b.shape {
      return isSum ? builder.add(a, b, node.name) : builder.multiply(a, b, node.name)
    }
    guard !isSum, a.shape.channels == b.shape.channels else { return nil }
    if b.shape.pixels == 1 { return builder.scale(a, by: b, node.name) }
    if a.shape.pixels == 1 { return builder.scale(b, by: a, node.name) }
    return nil
  }
}
