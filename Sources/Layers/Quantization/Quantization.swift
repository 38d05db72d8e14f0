/// What a model needs beside its weights to run in 8-bit integers.
///
/// Weights are symmetric and have a scale for each output channel, which follows from the weights
/// themselves; activations have a scale and a zero point for each feature map, which follow from
/// the ranges here. The network's input and its outputs stay as they are: pixels are bytes already,
/// and what the last layers of a head write is read as real numbers. A convolution whose only
/// reader is an addition hands its sum over unrounded; the addition's result is rounded.
public struct Quantization: Codable, Hashable, Sendable {
  /// The range of each node's output, after its activation, by the node's name.
  public var activations: [String: ActivationRange]

  /// Creates a quantisation from the ranges of activations.
  public init(activations: [String: ActivationRange]) {
    self.activations = activations
  }

  /// What makes it useless for `graph`, as a sentence; `nil` where nothing does.
  public func fault(for graph: Graph) -> String? {
    for name in graph.quantizedNodes.map({ graph.nodes[$0].name }) {
      guard let range = activations[name] else {
        return "The quantisation has no range for \(name)."
      }
      guard range.minimum.isFinite, range.maximum.isFinite, range.minimum <= range.maximum,
        (range.maximum - range.minimum).isFinite
      else {
        return "The range of \(name) is \(range.minimum) to \(range.maximum)."
      }
    }
    let names = Set(graph.nodes.map(\.name))
    if let unknown = activations.keys.sorted().first(where: { !names.contains($0) }) {
      return "The quantisation has a range for \(unknown), which the network does not have."
    }
    return nil
  }
}
