internal import Models
internal import Layers

/// A converted graph with its weights, before the meaning of its outputs is known.
struct ImportedGraph {
  let path: String
  let input: ImageInput
  let producer: String
  private(set) var graph: OperatorGraph {
    didSet { places = Self.places(graph) }
  }
  /// Every output that depends on the image, with its shape.
  let outputs: [(name: String, shape: [Int])]
  /// Outputs that are the same for every image.
  let constantOutputs: [(name: String, value: ConstantTensor)]
  private let weights: [String: ONNXConverter.Weights]
  private let stored: [String: ConstantTensor]
  /// The place of each operator among the graph's.
  private var places: [String: Int]

  init(
    _ converter: ONNXConverter, outputs names: [String], input: ImageInput, producer: String
  ) throws(ModelFileError) {
    var converter = converter
    path = converter.path
    self.input = input
    self.producer = producer
    var known: [(name: String, shape: [Int])] = []
    var constants: [(name: String, value: ConstantTensor)] = []
    var results: [OperatorGraph.Output] = []
    for name in names {
      if let constant = converter.constants[name] {
        constants.append((name, constant))
      } else if let tensor = converter.tensors[name] {
        known.append((name, tensor.shape))
        results.append(.init(name: name, value: converter.settled(tensor, name)))
      } else {
        throw ModelFileError(
          .damaged, path: path, message: "No operator computes the output \(name.prefix(200)).",
          remedy: "Export the network again.")
      }
    }
    guard Set(results.map(\.name)).count == results.count else {
      throw ModelFileError(
        .damaged, path: path, message: "Two outputs have the same name.",
        remedy: "Export the network again.")
    }
    outputs = known
    constantOutputs = constants
    graph = OperatorGraph(
      inputHeight: input.height, inputWidth: input.width, constants: [], nodes: converter.nodes,
      outputs: results)
    places = Self.places(graph)
    weights = converter.weights
    stored = converter.stored
  }

  private static func places(_ graph: OperatorGraph) -> [String: Int] {
    Dictionary(graph.nodes.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  /// Drops all other outputs, and everything that is not needed any more.
  mutating func keep(_ names: [String]) {
    var kept = graph
    kept.outputs = graph.outputs.filter { names.contains($0.name) }
    var needed = Set(kept.outputs.map(\.value))
    for node in graph.nodes.reversed() where needed.contains(node.name) {
      needed.formUnion(node.inputs)
    }
    kept.nodes = graph.nodes.filter { needed.contains($0.name) }
    kept.constants = stored.keys.filter { needed.contains($0) }.sorted().map {
      OperatorGraph.Constant(name: $0, shape: stored[$0]?.shape ?? [])
    }
    graph = kept
  }

  /// The tensors of the model file.
  func tensors() throws(ModelFileError) -> [WritableTensor] {
    var result: [WritableTensor] = []
    for node in graph.nodes {
      guard let layer = weights[node.name] else { continue }
      result.append(try tensor("\(node.name).weight", layer.shape, layer.weight))
      result.append(try tensor("\(node.name).bias", [layer.shape[0]], layer.bias))
    }
    for constant in graph.constants {
      result.append(try tensor(constant.name, constant.shape, stored[constant.name]?.values ?? []))
    }
    return result
  }

  private func tensor(
    _ name: String, _ shape: [Int], _ values: [Double]
  ) throws(ModelFileError) -> WritableTensor {
    let floats = values.map { Float($0) }
    guard floats.allSatisfy(\.isFinite) else {
      throw ModelFileError(
        .notFinite, path: path, message: "The weights of \(name) have a value that is not finite.",
        remedy: "The training diverged or the file is damaged; use another one.")
    }
    return WritableTensor(name: name, shape: shape, floats)
  }

  /// The values of a tensor, for a trial run before anything is written.
  func numbers(_ name: String) -> [Float] {
    if let constant = stored[name] { return constant.floats }
    for (suffix, isBias) in [(".weight", false), (".bias", true)] where name.hasSuffix(suffix) {
      guard let layer = weights[String(name.dropLast(suffix.count))] else { continue }
      return (isBias ? layer.bias : layer.weight).map { Float($0) }
    }
    return []
  }

  /// The operator that computes `name`.
  func node(_ name: String) -> OperatorNode? { places[name].map { graph.nodes[$0] } }
}
