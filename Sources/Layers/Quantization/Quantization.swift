/// What a model needs besides its weights to run in 8-bit integers.
///
/// Weights are symmetric and have a scale for each output channel, which follows from the weights
/// themselves; activations have a scale and a zero point for each feature map, which follow from
/// the ranges here. The network's input and its outputs keep their format: pixels are bytes
/// already, and the outputs of a head's last layers are used as real numbers. A convolution whose
/// only reader is an addition passes its sum on unrounded; the addition's result is rounded.
public struct Quantization: Codable, Hashable, Sendable {
  /// The range of each node's output, after its activation, by the node's name.
  public var activations: [String: ActivationRange]

  /// Creates a quantisation from the ranges of activations.
  public init(activations: [String: ActivationRange]) {
    self.activations = activations
  }

  /// Why it cannot be used for `graph`, as a sentence, or `nil` if it can.
  public func fault(for graph: Graph) -> String? {
    for name in graph.quantizedNodes.map({ graph.nodes[$0].name }) {
      guard let range = activations[name] else {
        return "The quantisation has no range for \(name)."
      }
      guard range.minimum.isFinite, range.maximum.isFinite, range.minimum <= range.maximum,
        (range.maximum - range.minimum).isFinite
      else {
        return "The quantisation's range for \(name) is \(range.minimum) to \(range.maximum)."
      }
    }
    let names = Set(graph.nodes.map(\.name))
    if let unknown = activations.keys.sorted().first(where: { !names.contains($0) }) {
      return "The quantisation has a range for \(unknown), which the network does not have."
    }
    return nil
  }
}
