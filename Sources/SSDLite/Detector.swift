public import Layers

/// A detector with its weights: immutable, shared by all workers.
public final class Detector: Sendable {
  /// What it is made of.
  public let specification: SSDLiteSpecification
  /// How pixels become the network's input.
  public let normalization: Normalization
  /// The engine's network.
  public let network: Network
  /// The prior of each row of the output.
  public let priors: [CenterBox]

  /// Builds the network and packs its weights.
  ///
  /// `weights` is asked for `NODE.weight` and `NODE.bias` of every node of the specification's graph,
  /// with the shape that is expected. With a `quantization` 8-bit integers are simulated.
  ///
  /// - Throws: `SpecificationError` for a specification that cannot be built, and what `weights` throws.
  public init(
    specification: SSDLiteSpecification, normalization: Normalization,
    isa: InstructionSet = .best, quantization: Quantization? = nil,
    weights: (String, [Int]) throws -> [Float]
  ) throws {
    let (graph, _, maps) = try specification.build()
    self.specification = specification
    self.normalization = normalization
    network = try Network(
      graph: graph, isa: isa, quantization: quantization, weights: weights)
    priors = specification.priors.priors(
      maps: maps.map { ($0.shape.height, $0.shape.width) },
      inputHeight: specification.inputHeight, inputWidth: specification.inputWidth)
  }

  /// A worker with memory of its own.
  public func makeWorker(options: DetectionOptions) -> DetectorWorker {
    DetectorWorker(self, options: options)
  }
}
