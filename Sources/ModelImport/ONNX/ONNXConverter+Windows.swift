internal import Models
internal import Layers

/// A window with ONNX's parameters.
struct ONNXWindow {
  /// Height and width.
  var kernel: [Int]
  var stride: Int
  var dilation: Int
  /// Zeros above, to the left, below and to the right.
  var pads: [Int]
  var roundsUp: Bool

  /// Pixels that the window spans along each axis.
  var reach: [Int] { kernel.map { ($0 - 1) * dilation + 1 } }

  /// Height and width of the result for a map of height and width `size`.
  func outputs(_ size: [Int]) -> [Int] {
    (0..<2).map { axis in
      let span = size[axis] + pads[axis] + pads[axis + 2] - reach[axis]
      guard span >= 0 else { return 0 }
      var count = (roundsUp ? span + stride - 1 : span) / stride + 1
      // The last window must start inside the map or the zeros before it.
      if roundsUp && (count - 1) * stride >= size[axis] + pads[axis] { count -= 1 }
      return count
    }
  }

  /// Pads a window that is not square with zeros until it is; the map's padding grows with it.
  mutating func makeSquare() {
    let side = max(kernel[0], kernel[1])
    for axis in 0..<2 {
      let before = (side - kernel[axis]) / 2
      pads[axis] += before * dilation
      pads[axis + 2] += (side - kernel[axis] - before) * dilation
    }
    kernel = [side, side]
  }

  mutating func add(_ border: Border) {
    for (index, side) in [border.top, border.left, border.bottom, border.right].enumerated() {
      pads[index] += side
    }
  }
}

/// Operators that slide a window over a map, and those that pad it.
extension ONNXConverter {
  /// The window of a convolution or pool over a map of height and width `size`.
  func window(
    _ node: ONNXNode, kernel: [Int], over size: [Int]
  ) throws(ModelFileError) -> ONNXWindow {
    let strides = node.integers("strides") ?? [1, 1]
    let dilations = node.integers("dilations") ?? [1, 1]
    guard kernel.count == 2, strides.count == 2, dilations.count == 2, strides[0] == strides[1],
      dilations[0] == dilations[1] || kernel.contains(1)
    else {
      throw fault(
        node,
        "has strides \(strides) and dilations \(dilations); only equal ones for rows and columns "
          + "are supported")
    }
    var window = ONNXWindow(
      kernel: kernel, stride: strides[0], dilation: max(dilations[0], dilations[1]),
      pads: node.integers("pads") ?? [0, 0, 0, 0], roundsUp: node.integer("ceil_mode") ?? 0 != 0)
    let numbers = kernel + [window.stride, window.dilation]
    guard numbers.allSatisfy({ (1...4096).contains($0) }), window.pads.count == 4,
      window.pads.allSatisfy({ (0...4096).contains($0) })
    else {
      throw fault(
        node, "has a window of \(kernel) with the border \(window.pads), which is out of range")
    }
    switch node.text("auto_pad") ?? "NOTSET" {
    case "NOTSET", "": break
    case "VALID": window.pads = [0, 0, 0, 0]
    case "SAME_UPPER", "SAME_LOWER":
      let isLower = node.text("auto_pad") == "SAME_LOWER"
      for axis in 0..<2 {
        let outputs = (size[axis] + window.stride - 1) / window.stride
        let total = max((outputs - 1) * window.stride + window.reach[axis] - size[axis], 0)
        window.pads[axis] = isLower ? (total + 1) / 2 : total / 2
        window.pads[axis + 2] = total - window.pads[axis]
      }
    default:
      throw fault(
        node,
        "has the auto_pad \((node.text("auto_pad") ?? "").prefix(40)), which is not supported")
    }
    return window
  }

  /// The padding in the form of a model file.
  ///
  /// If there is no such form, the border of zeros to pad the map with first.
  func rule(
    _ node: ONNXNode, _ window: ONNXWindow, over size: [Int]
  ) throws(ModelFileError) -> (Operator.BorderRule, Border?) {
    let outputs = window.outputs(size)
    guard outputs.allSatisfy({ $0 > 0 }) else {
      throw fault(
        node, "has a window of \(window.reach), but a map of only \(size)", code: .wrongShape)
    }
    for rule in [Operator.BorderRule.zeros(window.pads[0]), .same] {
      let padding: Padding
      switch rule {
      case .zeros(let count):
        guard count < window.reach[0], count == window.pads[1] else { continue }
        padding = .zeros(count)
      case .same: padding = .same
      }
      let engine = Window(
        kernel: window.kernel[0], stride: window.stride, padding: padding,
        roundsUp: window.roundsUp, dilation: window.dilation)
      let fits = (0..<2).allSatisfy { axis in
        let extent = engine.extent(over: size[axis])
        return extent.outputs == outputs[axis] && extent.padBefore == window.pads[axis]
      }
      if fits { return (rule, nil) }
    }
    return (
      .zeros(0),
      Border(
        top: window.pads[0], left: window.pads[1], bottom: window.pads[2], right: window.pads[3])
    )
  }

  /// `x`, padded with zeros.
  mutating func padded(_ node: ONNXNode, _ x: Tensor, _ border: Border) -> Tensor {
    let shape = [
      1, x.shape[1], x.shape[2] + border.top + border.bottom,
      x.shape[3] + border.left + border.right,
    ]
    let name = hint(node)
    return Tensor(
      value: append("\(name).padded", .pad(border), [settled(x, name)], shape), shape: shape)
  }

  /// The input and the border of the padding that computes `x`, if nothing else reads it.
  func padding(_ node: ONNXNode, _ x: Tensor) -> (Tensor, Border)? {
    guard !x.isShared, let index = places[x.value], case .pad(let border) = nodes[index].operation,
      let source = nodes[index].inputs.first, let shape = shapes[source]
    else { return nil }
    return (Tensor(value: source, shape: shape, isShared: true), border)
  }

  mutating func pool(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    guard x.shape.count == 4, let kernel = node.integers("kernel_shape") else {
      throw fault(node, "pools \(x.shape); only two-dimensional maps are supported")
    }
    let isMaximum = node.type == "MaxPool"
    let window = try window(node, kernel: kernel, over: Array(x.shape[2...]))
    if !isMaximum, window.kernel == Array(x.shape[2...]), window.pads == [0, 0, 0, 0] {
      return globalAverage(node, x)
    }
    guard window.kernel[0] == window.kernel[1], window.dilation == 1 else {
      throw fault(node, "has a window that is dilated or not square, which is not supported")
    }
    var (rule, border) = try rule(node, window, over: Array(x.shape[2...]))
    var source = x
    let countsPadding = !isMaximum && node.integer("count_include_pad") ?? 0 != 0
    if countsPadding, window.pads.contains(where: { $0 != 0 }) {
      guard !window.roundsUp else {
        throw fault(
          node, "uses both ceil_mode and count_include_pad, which is not supported")
      }
      (rule, border) = (
        .zeros(0),
        Border(
          top: window.pads[0], left: window.pads[1], bottom: window.pads[2],
          right: window.pads[3])
      )
    } else if border != nil {
      throw fault(
        node, "has the border \(window.pads), which is not supported unless the border counts")
    }
    if let border { source = padded(node, x, border) }
    let numbers = Operator.Pooling(
      kernel: window.kernel[0], stride: window.stride, padding: rule, roundsUp: window.roundsUp)
    let shape = [1, x.shape[1]] + window.outputs(Array(x.shape[2...]))
    let name = hint(node)
    let value = append(
      name, isMaximum ? .maxPool(numbers) : .averagePool(numbers), [settled(source, name)], shape)
    return Tensor(value: value, shape: shape)
  }

  mutating func globalAverage(_ node: ONNXNode, _ x: Tensor) -> Tensor {
    let shape = [1, x.shape[1], 1, 1]
    let name = hint(node)
    return Tensor(
      value: append(name, .globalAverage, [settled(x, name)], shape), shape: shape)
  }

  mutating func pad(_ node: ONNXNode) throws(ModelFileError) -> Tensor {
    let x = try tensor(node, 0)
    guard (node.text("mode") ?? "constant") == "constant" else {
      throw fault(node, "pads in another mode than constant, which is not supported")
    }
    let pads = try integers(node, "pads", 1)
    let value = try number(node, "value", 2) ?? 0
    var axes = Array(x.shape.indices)
    if let given = try optionalIntegers(node, "axes", 3) {
      axes = try normalized(node, given, rank: x.shape.count)
    }
    guard x.shape.count == 4, pads.count == 2 * axes.count, value == 0,
      pads.allSatisfy({ (0...4096).contains($0) })
    else {
      throw fault(
        node, "pads \(x.shape) by \(pads) with \(value); only zeros around maps are supported")
    }
    var sides = [Int](repeating: 0, count: 8)
    for (index, axis) in axes.enumerated() {
      sides[axis] = pads[index]
      sides[axis + 4] = pads[index + axes.count]
    }
    guard sides[0] == 0, sides[1] == 0, sides[4] == 0, sides[5] == 0 else {
      throw fault(node, "pads images or channels; only rows and columns are supported")
    }
    guard sides.contains(where: { $0 != 0 }) else { return x }
    return padded(
      node, x, Border(top: sides[2], left: sides[3], bottom: sides[6], right: sides[7]))
  }

  /// Axes with negative numbers counted from the back.
  func normalized(
    _ node: ONNXNode, _ axes: [Int], rank: Int
  ) throws(ModelFileError) -> [Int] {
    var result: [Int] = []
    for axis in axes {
      guard (-rank..<rank).contains(axis) else {
        throw fault(
          node, "has the axis \(axis), but a tensor of rank \(rank)", code: .wrongShape)
      }
      result.append(axis < 0 ? axis + rank : axis)
    }
    return result
  }
}
