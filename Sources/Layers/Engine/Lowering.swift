internal import CKernels

/// Turns a graph into a program: gives each value its place, fuses operators, and drops those that
/// need no work, such as a concatenation whose parts are written side by side.
struct Lowering {
  let graph: Graph
  let keepsTaps: Bool
  /// How each value that is not stored in floats is stored.
  let elements: [Int: Element]
  /// Channels of layers whose weights don't fit into bytes, by the layer's name.
  let wideChannels: [String: [Int]]
  /// Float copies of values that are stored in another format.
  var floatCopies: [Int: MapView] = [:]
  let kernels: sd_kernels
  /// Which convolutions are computed with fewer products.
  let shortcuts: Shortcuts
  /// How 8-bit pixels become the input, if the input may be written as pixels.
  let pixelNormalization: Normalization?
  /// The input as pixels, once a layer is found that reads them.
  var pixels: MapView?
  var storageCounts: [Int] = []
  var placements: [Int: Placement] = [:]
  var steps: [Step] = []
  var consumers: [Int: [Int]] = [:]
  var producers: [Int: Int] = [:]
  var keptValues: Set<Int> = []
  var concatenated: Set<Int> = []
  var outputStorages: [(name: String, storage: Int)] = []
  /// Additions that are fused into a convolution, by the convolution's node: the addition's node
  /// and the other summand.
  var fusedAdds: [Int: (addition: Int, residual: Value)] = [:]
  /// The nodes of those additions.
  var fusedAdditions: Set<Int> = []

  /// Prepares to lower `graph` to the kernels for `numerics`.
  ///
  /// Only an 8-bit network can read its input as `pixels`.
  init(
    _ graph: Graph, keepsTaps: Bool, _ numerics: Numerics, pixels: Normalization? = nil,
    kernels: sd_kernels, shortcuts: Shortcuts
  ) {
    self.graph = graph
    self.kernels = kernels
    self.shortcuts = shortcuts
    self.keepsTaps = keepsTaps
    switch numerics {
    case .float32: elements = [:]
    case .bfloat16:
      elements = Dictionary(
        uniqueKeysWithValues: graph.bfloat16Values.map { ($0, Element.bfloat16) })
    case .integer(let quantization):
      elements = graph.quantizers(quantization).mapValues(Element.byte)
    }
    if case .integer(let quantization) = numerics {
      pixelNormalization = pixels
      wideChannels = quantization.weights?.mapValues(\.wide) ?? [:]
    } else {
      pixelNormalization = nil
      wideChannels = [:]
    }
    for (index, node) in graph.nodes.enumerated() {
      producers[node.output.index] = index
      for input in Set(node.inputs) { consumers[input.index, default: []].append(index) }
    }
    keptValues = Set(graph.outputs.flatMap { $0.values.map(\.index) })
    if keepsTaps { keptValues.formUnion(graph.taps.values.map(\.index)) }
  }

  /// The program, with chains within `limits`; its weights are not packed yet.
  consuming func lower(_ limits: ChainLimits) -> Program {
    placeInput()
    placeOutputs()
    placeConcatenations()
    findFusedAdds()
    for index in graph.nodes.indices { emit(index) }
    copyOutputs()
    return finish(limits)
  }

  // MARK: Places

  mutating func newStorage(_ count: Int) -> Int {
    storageCounts.append(count)
    return storageCounts.count - 1
  }

  mutating func place(_ value: Value) -> MapView {
    if let placement = placements[value.index] {
      return MapView(shape: value.shape, placement: placement, element: element(of: value))
    }
    let view = newMap(value.shape, element(of: value))
    placements[value.index] = view.placement
    return view
  }

  /// A new storage for a map with padded channels.
  mutating func newMap(_ shape: Shape, _ element: Element = .float32) -> MapView {
    let stride = paddedChannels(shape.channels)
    let floats = shape.pixels * stride * element.size / Element.float32.size
    let placement = Placement(
      storage: newStorage(floats), offset: 0, pixelStride: stride, lanes: stride)
    return MapView(shape: shape, placement: placement, element: element)
  }

  /// How `value` is stored.
  func element(of value: Value) -> Element { elements[value.index] ?? .float32 }

  /// The value in floats; converted first if it is stored in another format.
  mutating func floats(_ value: Value, _ index: Int) -> MapView {
    let view = place(value)
    guard view.element != .float32 else { return view }
    if let copy = floatCopies[value.index] { return copy }
    let copy = newMap(value.shape)
    steps.append(Step(kind: .dequantize, node: index, inputs: [view], output: copy))
    floatCopies[value.index] = copy
    return copy
  }

  /// Where a float step writes `value`.
  mutating func floatTarget(_ value: Value) -> MapView {
    element(of: value) == .float32 ? place(value) : newMap(value.shape)
  }

  /// Appends a float step that computes `value`, and a conversion if the value is stored in another
  /// format.
  mutating func append(_ step: Step, computing value: Value) {
    steps.append(step)
    quantize(step.output, value, step.node)
  }

  /// Appends the conversion of a value's floats to its storage format, if that is another one.
  mutating func quantize(_ floats: MapView, _ value: Value, _ node: Int) {
    guard element(of: value) != .float32 else { return }
    steps.append(Step(kind: .quantize, node: node, inputs: [floats], output: place(value)))
  }

  mutating func placeInput() {
    let shape = graph.input.shape
    let dense = Placement(
      storage: newStorage(shape.count), offset: 0, pixelStride: shape.channels,
      lanes: shape.channels)
    placements[graph.input.index] = dense
  }

  /// Lets a convolution whose result nothing else reads write directly into the rows of the output.
  mutating func placeOutputs() {
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

  /// Places the parts of a concatenation side by side if they are whole vectors and nothing else
  /// reads them.
  mutating func placeConcatenations() {
    guard elements.isEmpty else { return }
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

  mutating func findFusedAdds() {
    for (index, node) in graph.nodes.enumerated() {
      guard case .add = node.operation else { continue }
      for (summand, other) in [
        (node.inputs[1], node.inputs[0]), (node.inputs[0], node.inputs[1]),
      ] {
        guard let producer = producers[summand.index],
          case .convolution = graph.nodes[producer].operation,
          consumers[summand.index] == [index], !keptValues.contains(summand.index),
          fusedAdds[producer] == nil, !concatenated.contains(summand.index),
          element(of: summand).quantizer == nil,
          (producers[other.index] ?? -1) < producer
        else { continue }
        fusedAdds[producer] = (index, other)
        fusedAdditions.insert(index)
        break
      }
    }
  }

  /// Whether node `index` may overwrite `value`, because nothing reads it later.
  func isFree(_ value: Value, after index: Int) -> Bool {
    value.index != graph.input.index && !keptValues.contains(value.index)
      && element(of: value) == .float32
      && !concatenated.contains(value.index)
      && (consumers[value.index]?.last ?? index) <= index
  }

  /// The output of node `index`, written over `value` if that is not needed any more.
  mutating func placeOver(_ value: Value, _ output: Value, at index: Int) -> MapView {
    if placements[output.index] == nil, element(of: output) == .float32,
      isFree(value, after: index)
    {
      placements[output.index] = placements[value.index]
    }
    return floatTarget(output)
  }

  // MARK: Memory

  private consuming func finish(_ limits: ChainLimits) -> Program {
    var taps: [String: MapView] = [:]
    if keepsTaps { for (name, value) in graph.taps { taps[name] = place(value) } }
    return Program(
      planning: steps, storageCounts: storageCounts, input: place(graph.input), pixels: pixels,
      outputs: outputStorages, taps: taps, limits: limits)
  }
}
