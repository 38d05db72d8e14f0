/// Turns a graph into a program: gives each value its place, fuses what can be fused, drops what
/// needs no work (a concatenation whose parts are written side by side).
struct Lowering {
  private let graph: Graph
  private let keepsTaps: Bool
  /// What the bytes of a value stand for, where it is stored in bytes.
  private let quantizers: [Int: AffineQuantizer]
  /// Values in bytes that are needed in floats, too.
  private var floatCopies: [Int: MapView] = [:]
  private var storageCounts: [Int] = []
  private var placements: [Int: Placement] = [:]
  private var steps: [Step] = []
  private var consumers: [Int: [Int]] = [:]
  private var producers: [Int: Int] = [:]
  private var keptValues: Set<Int> = []
  private var concatenated: Set<Int> = []
  private var outputStorages: [(name: String, storage: Int)] = []
  /// For an addition that a convolution takes over: the convolution's node, and the other summand.
  private var fusedAdds: [Int: (addition: Int, residual: Value)] = [:]

  /// Plans for FP32, or with a `quantization` for bytes wherever there are kernels for them.
  init(_ graph: Graph, keepsTaps: Bool, quantization: Quantization? = nil) {
    self.graph = graph
    self.keepsTaps = keepsTaps
    quantizers = quantization.map(graph.quantizers) ?? [:]
    for (index, node) in graph.nodes.enumerated() {
      producers[node.output.index] = index
      for input in Set(node.inputs) { consumers[input.index, default: []].append(index) }
    }
    keptValues = Set(graph.outputs.flatMap { $0.values.map(\.index) })
    if keepsTaps { keptValues.formUnion(graph.taps.values.map(\.index)) }
  }

  /// - Returns: The program and, for each node with weights, the pixel stride of the input that its
  ///   full convolution reads.
  consuming func lower() -> Program {
    placeInput()
    placeOutputs()
    placeConcatenations()
    findFusedAdds()
    for index in graph.nodes.indices { emit(index) }
    copyOutputs()
    return finish()
  }

  // MARK: Places

  private mutating func newStorage(_ count: Int) -> Int {
    storageCounts.append(count)
    return storageCounts.count - 1
  }

  private mutating func place(_ value: Value) -> MapView {
    if let placement = placements[value.index] {
      return MapView(
        shape: value.shape, placement: placement, quantizer: quantizers[value.index])
    }
    let view = newMap(value.shape, quantizer: quantizers[value.index])
    placements[value.index] = view.placement
    return view
  }

  /// Room of its own for a map with padded channels.
  private mutating func newMap(_ shape: Shape, quantizer: AffineQuantizer? = nil) -> MapView {
    let stride = paddedChannels(shape.channels)
    let count = shape.pixels * stride
    let placement = Placement(
      storage: newStorage(quantizer == nil ? count : count / MemoryLayout<Float>.stride), offset: 0,
      pixelStride: stride, lanes: stride)
    return MapView(shape: shape, placement: placement, quantizer: quantizer)
  }

  /// The value in floats, converted where it is stored in bytes.
  private mutating func floats(_ value: Value, _ index: Int) -> MapView {
    let view = place(value)
    guard view.quantizer != nil else { return view }
    if let copy = floatCopies[value.index] { return copy }
    let copy = newMap(value.shape)
    steps.append(Step(kind: .dequantize, node: index, inputs: [view], output: copy))
    floatCopies[value.index] = copy
    return copy
  }

  /// Where a step in floats writes `value`.
  private mutating func floatTarget(_ value: Value) -> MapView {
    quantizers[value.index] == nil ? place(value) : newMap(value.shape)
  }

  /// Appends a step in floats that computes `value`, and the conversion where that is stored in bytes.
  private mutating func append(_ step: Step, computing value: Value) {
    steps.append(step)
    guard quantizers[value.index] != nil else { return }
    steps.append(
      Step(kind: .quantize, node: step.node, inputs: [step.output], output: place(value)))
  }

  private mutating func placeInput() {
    let shape = graph.input.shape
    let dense = Placement(
      storage: newStorage(shape.count), offset: 0, pixelStride: shape.channels,
      lanes: shape.channels)
    placements[graph.input.index] = dense
  }

  /// A convolution that nothing else reads writes the rows of its output directly.
  private mutating func placeOutputs() {
    for output in graph.outputs {
      let storage = newStorage(output.values.reduce(0) { $0 + $1.shape.count })
      outputStorages.append((output.name, storage))
      var offset = 0
      for value in output.values {
        defer { offset += value.shape.count }
        guard consumers[value.index] == nil, placements[value.index] == nil,
          let producer = producers[value.index],
          case .convolution = graph.nodes[producer].operation
        else { continue }
        placements[value.index] = Placement(
          storage: storage, offset: offset, pixelStride: value.shape.channels,
          lanes: value.shape.channels)
      }
    }
  }

  /// Parts of whole vectors that nothing else reads are written side by side.
  private mutating func placeConcatenations() {
    guard quantizers.isEmpty else { return }
    for (index, node) in graph.nodes.enumerated().reversed() {
      guard case .concatenate = node.operation else { continue }
      let isPlaceable = node.inputs.allSatisfy { part in
        placements[part.index] == nil && consumers[part.index] == [index]
          && producers[part.index] != nil
          && (part == node.inputs.last || part.shape.channels % channelPadding == 0)
      }
      guard isPlaceable, Set(node.inputs).count == node.inputs.count else { continue }
      var placement = place(node.output).placement
      for part in node.inputs {
        let rest = placement.lanes - part.shape.channels
        if part != node.inputs.last { placement.lanes = part.shape.channels }
        placements[part.index] = placement
        placement.offset += part.shape.channels
        placement.lanes = rest
        concatenated.insert(part.index)
      }
      concatenated.insert(node.output.index)
    }
  }

  private mutating func findFusedAdds() {
    for (index, node) in graph.nodes.enumerated() {
      guard case .add = node.operation else { continue }
      for (summand, other) in [
        (node.inputs[1], node.inputs[0]), (node.inputs[0], node.inputs[1]),
      ] {
        guard let producer = producers[summand.index],
          case .convolution = graph.nodes[producer].operation,
          consumers[summand.index] == [index], !keptValues.contains(summand.index),
          fusedAdds[producer] == nil, !concatenated.contains(summand.index),
          (producers[other.index] ?? -1) < producer
        else { continue }
        fusedAdds[producer] = (index, other)
        break
      }
    }
  }

  /// Whether `value` may be overwritten by node `index`, which reads it last.
  private func isFree(_ value: Value, after index: Int) -> Bool {
    value.index != graph.input.index && !keptValues.contains(value.index)
      && quantizers[value.index] == nil
      && !concatenated.contains(value.index)
      && (consumers[value.index] ?? []).allSatisfy { $0 <= index }
  }

  /// The output of node `index`, in place of `value` where that is not needed any more.
  private mutating func placeOver(_ value: Value, _ output: Value, at index: Int) -> MapView {
    if placements[output.index] == nil, quantizers[output.index] == nil,
      isFree(value, after: index)
    {
      placements[output.index] = placements[value.index]
    }
    return floatTarget(output)
  }

  // MARK: Steps

  private mutating func emit(_ index: Int) {
    if emitInteger(index) { return }
    let node = graph.nodes[index]
    switch node.operation {
    case .convolution(let window, let activation):
      emitConvolution(index, window, activation)
    case .depthwise(let window, let activation):
      append(index, .depthwise(window.filled, activation), [padded(node.inputs[0], index)])
    case .add:
      guard !fusedAdds.values.contains(where: { $0.addition == index }) else { return }
      appendOver(index, .add)
    case .globalAveragePool:
      append(index, .globalAverage, [floats(node.inputs[0], index)])
    case .maxPool(let window):
      append(index, .maxPool(window), [floats(node.inputs[0], index)])
    case .averagePool(let window):
      append(index, .averagePool(window), [floats(node.inputs[0], index)])
    case .scale: appendOver(index, .scale)
    case .activation(let activation): appendOver(index, .activation(activation))
    case .fakeQuantize(let quantizer): appendOver(index, .fakeQuantize(quantizer))
    case .concatenate:
      emitConcatenation(index)
    case .grouped(let window, let groups, let activation):
      emitGathered(index, window, groups, activation)
    case .multiply:
      append(index, .multiply, node.inputs.map { floats($0, index) })
    case .function(let function):
      append(index, .function(function), [floats(node.inputs[0], index)])
    case .resize(let resampling):
      let size = node.inputs[0].shape
      append(
        index,
        .resize(
          rows: resampling.taps(resampling.height, of: size.height, scale: resampling.rowScale),
          columns: resampling.taps(
            resampling.width, of: size.width, scale: resampling.columnScale)),
        [floats(node.inputs[0], index)])
    case .pad(let border):
      append(index, .pad(border), [floats(node.inputs[0], index)])
    }
  }

  private mutating func append(_ index: Int, _ kind: StepKind, _ inputs: [MapView]) {
    let value = graph.nodes[index].output
    append(
      Step(kind: kind, node: index, inputs: inputs, output: floatTarget(value)), computing: value)
  }

  /// Appends a step that may write over its first input.
  private mutating func appendOver(_ index: Int, _ kind: StepKind) {
    let node = graph.nodes[index]
    let inputs = node.inputs.map { floats($0, index) }
    let output = placeOver(node.inputs[0], node.output, at: index)
    append(
      Step(kind: kind, node: index, inputs: inputs, output: output), computing: node.output)
  }

  /// The map with its channels padded to whole vectors, copied where it is not.
  private mutating func padded(_ value: Value, _ index: Int) -> MapView {
    let view = floats(value, index)
    guard view.placement.pixelStride < paddedChannels(value.shape.channels) else { return view }
    let copy = newMap(value.shape)
    steps.append(Step(kind: .copy, node: index, inputs: [view], output: copy))
    return copy
  }

  private mutating func emitConvolution(_ index: Int, _ window: Window, _ activation: Activation) {
    guard window.dilation == 1 else { return emitGathered(index, window, 1, activation) }
    let node = graph.nodes[index]
    let input = floats(node.inputs[0], index)
    let isPointwise = window.kernel == 1 && node.output.shape.pixels == input.shape.pixels
    if !isPointwise, fusedAdds[index] == nil, quantizers[node.output.index] != nil {
      // Row by row, so that the map in floats never leaves the first level cache.
      let output = place(node.output)
      let shape = Shape(
        height: 1, width: output.shape.width, channels: output.placement.pixelStride)
      steps.append(
        Step(
          kind: .convolution(window, activation, border: border(input, window, output.shape)),
          node: index, inputs: [input], output: output, row: newMap(shape)))
      return
    }
    let (output, residual, value) = placeSum(index)
    let kind: StepKind
    if isPointwise {
      kind = .pointwise(activation)
    } else {
      kind = .convolution(window, activation, border: border(input, window, output.shape))
    }
    append(
      Step(kind: kind, node: index, inputs: [input], output: output, residual: residual),
      computing: value)
  }

  /// Appends the kernel in bytes for a node, if there is one for its inputs and its output.
  private mutating func emitInteger(_ index: Int) -> Bool {
    let node = graph.nodes[index]
    let value = fusedAdds[index].map { graph.nodes[$0.addition].output } ?? node.output
    guard quantizers[node.inputs[0].index] != nil else { return false }
    var residual: MapView?
    let kind: StepKind
    switch node.operation {
    case .convolution(let window, let activation):
      guard window.kernel == 1, window.dilation == 1,
        node.output.shape.pixels == node.inputs[0].shape.pixels,
        quantizers[value.index] != nil || activation == .none
      else { return false }
      if let other = fusedAdds[index]?.residual {
        guard activation == .none, quantizers[other.index] != nil, quantizers[value.index] != nil
        else { return false }
        residual = place(other)
      }
      kind = .integerPointwise(activation)
    case .depthwise(let window, let activation):
      guard window.dilation == 1, quantizers[value.index] != nil else { return false }
      kind = .integerDepthwise(window, activation)
    default: return false
    }
    let input = place(node.inputs[0])
    steps.append(
      Step(kind: kind, node: index, inputs: [input], output: place(value), residual: residual))
    return true
  }

  /// The output of a convolution in floats, what is added to it where it takes over an addition, and the
  /// value that it computes.
  private mutating func placeSum(
    _ index: Int
  ) -> (output: MapView, residual: MapView?, value: Value) {
    guard let (addition, other) = fusedAdds[index] else {
      let value = graph.nodes[index].output
      return (floatTarget(value), nil, value)
    }
    let residual = floats(other, index)
    let value = graph.nodes[addition].output
    return (placeOver(other, value, at: addition), residual, value)
  }

  /// A convolution whose windows are no runs of the input: dilated, or in groups of channels.
  private mutating func emitGathered(
    _ index: Int, _ window: Window, _ groups: Int, _ activation: Activation
  ) {
    let node = graph.nodes[index]
    let input = floats(node.inputs[0], index)
    let (output, residual, value) = placeSum(index)
    let rows = Shape(
      height: 1, width: output.shape.width,
      channels: window.kernel * window.kernel * input.shape.channels)
    let scratch = MapView(
      shape: rows,
      placement: Placement(
        storage: newStorage(rows.count), offset: 0, pixelStride: rows.channels / groups,
        lanes: rows.channels / groups))
    append(
      Step(
        kind: .gathered(window, groups: groups, activation, rows: scratch), node: index,
        inputs: [input], output: output, residual: residual), computing: value)
  }

  /// Room for the input with zeros around it, or `nil` where the windows stay inside the input and its
  /// pixels are as close as they can be.
  private mutating func border(_ input: MapView, _ window: Window, _ output: Shape) -> MapView? {
    let height = (output.height - 1) * window.stride + window.kernel
    let width = (output.width - 1) * window.stride + window.kernel
    let isInside =
      window.extent(over: input.shape.height).padBefore == 0
      && window.extent(over: input.shape.width).padBefore == 0
      && height <= input.shape.height && width <= input.shape.width
    let stride = min(input.placement.pixelStride, paddedChannels(input.shape.channels))
    if isInside && stride == input.placement.pixelStride { return nil }
    return MapView(
      shape: Shape(height: height, width: width, channels: input.shape.channels),
      placement: Placement(
        storage: newStorage(height * width * stride), offset: 0, pixelStride: stride,
        lanes: stride))
  }

  private mutating func emitConcatenation(_ index: Int) {
    let node = graph.nodes[index]
    let output = place(node.output)
    var offset = 0
    for part in node.inputs {
      let view = floats(part, index)
      if !concatenated.contains(part.index) || view.placement.storage != output.placement.storage {
        var slice = output
        slice.placement.offset += offset
        slice.placement.lanes = part.shape.channels
        slice.shape.channels = part.shape.channels
        steps.append(Step(kind: .copy, node: index, inputs: [view], output: slice))
      }
      offset += part.shape.channels
    }
  }

  private mutating func copyOutputs() {
    for (output, (_, storage)) in zip(graph.outputs, outputStorages) {
      var offset = 0
      for value in output.values {
        guard let node = producers[value.index] else { continue }
        let view = floats(value, node)
        if view.placement.storage != storage {
          let dense = MapView(
            shape: value.shape,
            placement: Placement(
              storage: storage, offset: offset, pixelStride: value.shape.channels,
              lanes: value.shape.channels))
          steps.append(Step(kind: .copy, node: node, inputs: [view], output: dense))
        }
        offset += value.shape.count
      }
    }
  }

  // MARK: Memory

  private consuming func finish() -> Program {
    var taps: [String: MapView] = [:]
    if keepsTaps { for (name, value) in graph.taps { taps[name] = place(value) } }
    return Program(
      planning: steps, storageCounts: storageCounts, input: place(graph.input),
      outputs: outputStorages, taps: taps)
  }
}
