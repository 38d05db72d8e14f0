/// What a model needs besides its weights to run in 8-bit integers.
///
/// Weights are symmetric and have a scale for each output channel, which follows from the weights
/// themselves; activations have a scale and a zero point for each feature map, which follow from
/// the ranges here. The network's input and its outputs keep their format: pixels are bytes
/// already, and the outputs of a head's last layers are used as real numbers. A convolution whose
/// only reader is an addition passes its sum on unrounded, unless it has a range; the addition's
/// result is rounded.
public struct Quantization: Codable, Hashable, Sendable {
  /// The range of each node's output, after its activation, by the node's name.
  public var activations: [String: ActivationRange]
  /// How the weights of layers are rounded, by the layer's name; those of others are symmetric,
  /// with 127 steps for the largest of each output channel.
  public var weights: [String: WeightRounding]?

  /// Creates a quantisation from the ranges of activations.
  public init(
    activations: [String: ActivationRange], weights: [String: WeightRounding]? = nil
  ) {
    self.activations = activations
    self.weights = weights
  }

  /// Why it cannot be used for `graph`, as a sentence, or `nil` if it can.
  public func fault(for graph: Graph) -> String? {
    for name in graph.quantizedNodes.map({ graph.nodes[$0].name }) where activations[name] == nil {
      return "The quantisation has no range for \(name)."
    }
    for (name, range) in activations.sorted(by: { $0.key < $1.key }) {
      guard range.minimum.isFinite, range.maximum.isFinite, range.minimum <= range.maximum,
        (range.maximum - range.minimum).isFinite
      else {
        return "The quantisation's range for \(name) is \(range.minimum) to \(range.maximum)."
      }
    }
    let summands = Set(graph.summands.map { graph.nodes[$0].name })
    for node in graph.nodes {
      guard let rounding = weights?[node.name] else { continue }
      guard let shape = node.weightShape, rounding.fits(shape),
        rounding.wide.isEmpty || !summands.contains(node.name) || activations[node.name] != nil
      else { return "The quantisation's weights for \(node.name) are invalid." }
    }
    let names = Set(graph.nodes.map(\.name))
    if let unknown = weights?.keys.sorted().first(where: { !names.contains($0) }) {
      return "The quantisation has weights for \(unknown), which the network does not have."
    }
    if let unknown = activations.keys.sorted().first(where: { !names.contains($0) }) {
      return "The quantisation has a range for \(unknown), which the network does not have."
    }
    return nil
  }
}
