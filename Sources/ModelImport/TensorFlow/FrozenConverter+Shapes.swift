internal import Models
internal import Layers

/// Operators that reshape and cut tensors, and those that compute with sizes.
extension FrozenConverter {
  mutating func convertShape(_ node: FrozenNode) throws {
    let name = title(node)
    switch node.operation {
    case "Reshape":
      try target.appendReshape(name, operand(node, 0), output: node.name, to: list(node, 1))
    case "Squeeze":
      let axes = try node.integers("squeeze_dims") ?? []
      try appendPlain(node, "Squeeze", axes.isEmpty ? [:] : ["axes": Self.integers(axes)])
    case "ExpandDims":
      try appendPlain(node, "Unsqueeze", ["axes": Self.integers(list(node, 1))])
    case "Pad": try pad(node)
    case "Transpose": try appendPlain(node, "Transpose", ["perm": Self.integers(list(node, 1))])
    case "Pack": try pack(node)
    case "Slice": try slice(node)
    case "StridedSlice": try stridedSlice(node)
    case "Shape": try define(node, ConstantTensor(integers: shape(node, 0)))
    case "Rank":
      try define(
        node,
        ConstantTensor(shape: [], values: [Double(shape(node, 0).count)], isInteger: true))
    case "Range":
      try target.append(
        renamed(node, "Range", [operand(node, 0), operand(node, 1), operand(node, 2)]),
        isPlanar: false)
    case "Fill":
      try target.append(
        renamed(node, "Expand", [operand(node, 1), operand(node, 0)]), isPlanar: false)
    case "Tile":
      try target.append(
        renamed(node, "Tile", [target.plain(operand(node, 0)), operand(node, 1)]), isPlanar: false)
    case "GatherV2":
      let axis = node.inputs.count > 2 ? try list(node, 2).first ?? 0 : 0
      try target.append(
        renamed(
          node, "Gather", [target.plain(operand(node, 0)), operand(node, 1)],
          ["axis": .integer(Int64(axis))]), isPlanar: false)
    default: throw fault(node, "is not supported")
    }
  }

  private static func integers(_ values: [Int]) -> ONNXAttribute {
    .integers(values.map(Int64.init))
  }

  private mutating func define(_ node: FrozenNode, _ constant: ConstantTensor) throws {
    try target.define(node.name, constant)
  }

  /// Appends an operator on a tensor in TensorFlow's order.
  private mutating func appendPlain(
    _ node: FrozenNode, _ type: String, _ attributes: [String: ONNXAttribute]
  ) throws {
    try target.append(
      renamed(node, type, [target.plain(operand(node, 0))], attributes), isPlanar: false)
  }

  private mutating func pack(_ node: FrozenNode) throws {
    let axis = Int64(try node.integer("axis") ?? 0)
    var parts: [String] = []
    for index in node.inputs.indices {
      let part = "\(node.name), part \(index)"
      try target.append(
        renamed(
          node, "Unsqueeze", [target.plain(operand(node, index))], output: part,
          ["axes": .integers([axis])]), isPlanar: false)
      parts.append(part)
    }
    try target.append(renamed(node, "Concat", parts, ["axis": .integer(axis)]), isPlanar: false)
  }

  /// `Unpack`: one result for each position of an axis.
  mutating func unpack(_ node: FrozenNode) throws {
    let shape = try shape(node, 0)
    let given = try node.integer("axis") ?? 0
    let axis = given < 0 ? given + shape.count : given
    guard shape.indices.contains(axis), shape[axis] <= ImportLimits.outputs else {
      throw fault(node, "unpacks \(shape) along the axis \(given)", code: .wrongShape)
    }
    let input = try target.plain(operand(node, 0))
    for position in 0..<shape[axis] {
      let output = position == 0 ? node.name : "\(node.name):\(position)"
      guard target.converter.uses[output] != nil else { continue }
      // One node can have a thousand results, and each becomes operators of its own.
      try target.take(1024, for: .computed)
      try cut(
        node, input, output: output,
        starts: [position], ends: [position + 1], axes: [axis], removed: [axis])
    }
  }

  private mutating func slice(_ node: FrozenNode) throws {
    let (starts, sizes) = (try list(node, 1), try list(node, 2))
    guard starts.count == sizes.count else {
      throw fault(node, "has \(starts.count) starts and \(sizes.count) sizes", code: .wrongShape)
    }
    let ends = zip(starts, sizes).map { start, size in
      size < 0 ? Int.max : start.addingReportingOverflow(size).partialValue
    }
    try cut(
      node, target.plain(operand(node, 0)), output: node.name, starts: starts, ends: ends,
      axes: Array(starts.indices), removed: [])
  }

  private mutating func stridedSlice(_ node: FrozenNode) throws {
    for mask in ["ellipsis_mask", "new_axis_mask"] where try node.integer(mask) ?? 0 != 0 {
      throw fault(node, "has an \(mask), which is not supported")
    }
    let steps = try list(node, 3)
    var (starts, ends) = (try list(node, 1), try list(node, 2))
    guard starts.count == ends.count, starts.count == steps.count, starts.count <= ImportLimits.rank
    else {
      throw fault(node, "has different numbers of starts, ends and steps", code: .wrongShape)
    }
    var removed: [Int] = []
    func isSet(_ mask: String, _ axis: Int) throws -> Bool {
      (try node.integer(mask) ?? 0) >> axis & 1 != 0
    }
    for axis in starts.indices {
      if try isSet("begin_mask", axis) { starts[axis] = steps[axis] < 0 ? Int.max : 0 }
      if try isSet("end_mask", axis) { ends[axis] = steps[axis] < 0 ? Int.min : Int.max }
      guard try isSet("shrink_axis_mask", axis) else { continue }
      guard starts[axis] < Int.max else { throw fault(node, "removes a whole axis") }
      // The position -1 is the last one, not the one before the first.
      ends[axis] = starts[axis] == -1 ? Int.max : starts[axis] + 1
      removed.append(axis)
    }
    try cut(
      node, target.plain(operand(node, 0)), output: node.name, starts: starts, ends: ends,
      axes: Array(starts.indices), steps: steps, removed: removed)
  }

  /// Appends a slice of `input`, without the axes `removed`.
  private mutating func cut(
    _ node: FrozenNode, _ input: String, output: String, starts: [Int], ends: [Int], axes: [Int],
    steps: [Int]? = nil, removed: [Int]
  ) throws {
    let inner = removed.isEmpty ? output : "\(output), cut"
    var names: [String] = []
    for (key, values) in [
      ("starts", starts), ("ends", ends), ("axes", axes), ("steps", steps ?? []),
    ]
    where key != "steps" || steps != nil {
      let name = "\(output), \(key)"
      // Constants are clamped to what floats can hold, which is beyond any size.
      try target.define(
        name, ConstantTensor(integers: values.map { min(max($0, -1 << 40), 1 << 40) }))
      names.append(name)
    }
    try target.append(
      renamed(node, "Slice", [input] + names, output: inner), isPlanar: false)
    guard !removed.isEmpty else { return }
    try target.append(
      renamed(
        node, "Squeeze", [inner], output: output, ["axes": Self.integers(removed)]),
      isPlanar: false)
  }
}
