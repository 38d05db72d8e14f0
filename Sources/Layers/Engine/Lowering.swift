/// A graph as kernel calls on one arena.
struct Program {
  var steps: [Step]
  var arenaCount: Int
  /// The dense image that the caller fills.
  var input: MapView
  /// Dense rows of each named output: first float in the arena.
  var outputs: [String: Int]
  /// Maps that are still there after the run.
  var taps: [String: MapView]
}

/// Turns a graph into a program: gives each value its place, fuses what can be fused, drops what
/// needs no work (a concatenation whose parts are written side by side).
struct Lowering {
  private let graph: Graph
  private let keepsTaps: Bool
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

  init(_ graph: Graph, keepsTaps: Bool) {
    self.graph = graph
    self.keepsTaps = keepsTaps
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
      return MapView(shape: value.shape, placement: placement)
    }
    let stride = paddedChannels(value.shape.channels)
    let placement = Placement(
      storage: newStorage(value.shape.pixels * stride), offset: 0, pixelStride: stride,
      lanes: stride)
    placements[value.index] = placement
    return MapView(shape: value.shape, placement: placement)
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
      && !concatenated.contains(value.index)
      && (consumers[value.index] ?? []).allSatisfy { $0 <= index }
  }

  /// The output of node `index`, in place of `value` where that is not needed any more.
  private mutating func placeOver(_ value: Value, _ output: Value, at index: Int) -> MapView {
    if placements[output.index] == nil, isFree(value, after: index) {
      placements[output.index] = placements[value.index]
    }
    return place(output)
  }

  // MARK: Steps

  private mutating func emit(_ index: Int) {
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
      append(index, .globalAverage, [place(node.inputs[0])])
    case .maxPool(let window):
      append(index, .maxPool(window), [place(node.inputs[0])])
    case .averagePool(let window):
      append(index, .averagePool(window), [place(node.inputs[0])])
    case .scale: appendOver(index, .scale)
    case .activation(let activation): appendOver(index, .activation(activation))
    case .fakeQuantize(let quantizer): appendOver(index, .fakeQuantize(quantizer))
    case .concatenate:
      emitConcatenation(index)
    case .grouped(let window, let groups, let activation):
      emitGathered(index, window, groups, activation)
    case .multiply:
      append(index, .multiply, node.inputs.map { place($0) })
    case .function(let function):
      append(index, .function(function), [place(node.inputs[0])])
    case .resize(let resampling):
      let size = node.inputs[0].shape
      append(
        index,
        .resize(
          rows: resampling.taps(resampling.height, of: size.height, scale: resampling.rowScale),
          columns: resampling.taps(
            resampling.width, of: size.width, scale: resampling.columnScale)),
        [place(node.inputs[0])])
    case .pad(let border):
      append(index, .pad(border), [place(node.inputs[0])])
    }
  }

  private mutating func append(_ index: Int, _ kind: StepKind, _ inputs: [MapView]) {
    let output = place(graph.nodes[index].output)
    steps.append(Step(kind: kind, node: index, inputs: inputs, output: output))
  }

  /// Appends a step that may write over its first input.
  private mutating func appendOver(_ index: Int, _ kind: StepKind) {
    let node = graph.nodes[index]
    let inputs = node.inputs.map { place($0) }
    let output = placeOver(node.inputs[0], node.output, at: index)
    steps.append(Step(kind: kind, node: index, inputs: inputs, output: output))
  }

  /// The map with its channels padded to whole vectors, copied where it is not.
  private mutating func padded(_ value: Value, _ index: Int) -> MapView {
    let view = place(value)
    let stride = paddedChannels(value.shape.channels)
    guard view.placement.pixelStride < stride else { return view }
    let copy = MapView(
      shape: value.shape,
      placement: Placement(
        storage: newStorage(value.shape.pixels * stride), offset: 0, pixelStride: stride,
        lanes: stride))
    steps.append(Step(kind: .copy, node: index, inputs: [view], output: copy))
    return copy
  }

  private mutating func emitConvolution(_ index: Int, _ window: Window, _ activation: Activation) {
    guard window.dilation == 1 else { return emitGathered(index, window, 1, activation) }
    let node = graph.nodes[index]
    let input = place(node.inputs[0])
    let (output, residual) = placeSum(index)
    let kind: StepKind
    if window.kernel == 1 && node.output.shape.pixels == input.shape.pixels {
      kind = .pointwise(activation)
    } else {
      kind = .convolution(window, activation, border: border(input, window, output.shape))
    }
    steps.append(
      Step(kind: kind, node: index, inputs: [input], output: output, residual: residual))
  }

  /// The output of a convolution, and what is added to it where it takes over an addition.
  private mutating func placeSum(_ index: Int) -> (output: MapView, residual: MapView?) {
    guard let (addition, other) = fusedAdds[index] else {
      return (place(graph.nodes[index].output), nil)
    }
    let residual = place(other)
    return (placeOver(other, graph.nodes[addition].output, at: addition), residual)
  }

  /// A convolution whose windows are no runs of the input: dilated, or in groups of channels.
  private mutating func emitGathered(
    _ index: Int, _ window: Window, _ groups: Int, _ activation: Activation
  ) {
    let node = graph.nodes[index]
    let input = place(node.inputs[0])
    let (output, residual) = placeSum(index)
    let rows = Shape(
      height: 1, width: output.shape.width,
      channels: window.kernel * window.kernel * input.shape.channels)
    let scratch = MapView(
      shape: rows,
      placement: Placement(
        storage: newStorage(rows.count), offset: 0, pixelStride: rows.channels / groups,
        lanes: rows.channels / groups))
    steps.append(
      Step(
        kind: .gathered(window, groups: groups, activation, rows: scratch), node: index,
        inputs: [input], output: output, residual: residual))
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
      let view = place(part)
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
        let view = place(value)
        if view.placement.storage != storage, let node = producers[value.index] {
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
    let end = steps.count
    var storages = storageCounts.map { Storage(count: $0, firstStep: end, lastStep: 0) }
    func touch(_ view: MapView, _ step: Int) {
      let storage = view.placement.storage
      storages[storage].firstStep = min(storages[storage].firstStep, step)
      storages[storage].lastStep = max(storages[storage].lastStep, step)
    }
    for (index, step) in steps.enumerated() {
      for view in step.views { touch(view, index) }
    }
    // The caller fills the input before the run, may run again without filling it, and reads the
    // outputs and taps after it.
    let input = place(graph.input)
    touch(input, 0)
    touch(input, end)
    for (_, storage) in outputStorages { storages[storage].lastStep = end }
    var taps: [String: MapView] = [:]
    if keepsTaps {
      for (name, value) in graph.taps {
        let view = place(value)
        touch(view, end)
        taps[name] = view
      }
    }
    let plan = planMemory(storages)
    func resolved(_ view: MapView) -> MapView {
      var view = view
      view.placement.offset += plan.offsets[view.placement.storage]
      return view
    }
    return Program(
      steps: steps.map { $0.mapViews(resolved) },
      arenaCount: plan.arenaCount,
      input: resolved(input),
      outputs: Dictionary(
        uniqueKeysWithValues: outputStorages.map { ($0.name, plan.offsets[$0.storage]) }),
      taps: taps.mapValues(resolved))
  }
}

extension Step {
  /// Every map that the step reads or writes.
  var views: [MapView] {
    var views = inputs + [output]
    if let residual { views.append(residual) }
    if case .convolution(_, _, let border?) = kind { views.append(border) }
    if case .gathered(_, _, _, let rows) = kind { views.append(rows) }
    return views
  }

  func mapViews(_ transform: (MapView) -> MapView) -> Step {
    var step = self
    step.inputs = inputs.map(transform)
    step.output = transform(output)
    step.residual = residual.map(transform)
    if case .convolution(let window, let activation, let border?) = kind {
      step.kind = .convolution(window, activation, border: transform(border))
    }
    if case .gathered(let window, let groups, let activation, let rows) = kind {
      step.kind = .gathered(window, groups: groups, activation, rows: transform(rows))
    }
    return step
  }
}
