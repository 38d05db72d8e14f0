public import Geometry
public import Layers

/// A detector with its weights; immutable, and shared by all workers.
public final class Detector: Sendable {
  /// Height of the input in pixels.
  public let inputHeight: Int
  /// Width of the input in pixels.
  public let inputWidth: Int
  /// Number of classes, including the background.
  public let classes: Int
  /// How pixels become the network's input.
  public let normalization: Normalization
  /// The engine's network.
  public let network: Network
  /// The prior for each row of the output; empty if the network decodes its boxes itself.
  public let priors: [CenterBox]

  /// Names of the outputs with scores and boxes.
  let outputs: (scores: String, boxes: String)
  let scoring: Scoring?
  let boxes: BoxReading
  let rows: Int

  /// Builds the network and packs its weights.
  ///
  /// `weights` is called for `NODE.weight` and `NODE.bias` of every node of the specification's
  /// graph that has weights, with the expected shape; for `prepacked` see `Network.init`. The input
  /// has the specification's size, at which the weights were trained, or another `size`.
  ///
  /// - Throws: `SpecificationError` if the specification is invalid at that size, and whatever
  ///   `weights` throws.
  public init(
    specification trained: SSDLiteSpecification, size: InputSize? = nil,
    normalization: Normalization, isa: InstructionSet = .best, numerics: Numerics = .float32,
    frameThreads: Int = 1,
    prepacked: ((PackedLayout) throws -> StoredTensor?)? = nil,
    weights: (String, [Int]) throws -> [Float]
  ) throws {
    let specification = size.map { trained.resized(to: $0) } ?? trained
    let (graph, _, maps) = try specification.build()
    inputHeight = specification.inputHeight
    inputWidth = specification.inputWidth
    classes = specification.classes
    self.normalization = normalization
    network = try Network(
      graph: graph, isa: isa, numerics: numerics, pixels: normalization, frameThreads: frameThreads,
      prepacked: prepacked, weights: weights)
    priors =
      specification == trained
      ? specification.priors.priors(
        maps: maps.map { ($0.shape.height, $0.shape.width) },
        inputHeight: specification.inputHeight, inputWidth: specification.inputWidth)
      : try specification.priors(trainedAs: trained, graph, maps: maps)
    outputs = ("cls_logits", "bbox_regression")
    scoring = specification.scoring
    boxes = .codes(specification.boxCoder, priors)
    rows = priors.count
  }

  /// Builds an imported network and packs its weights.
  ///
  /// `weights` is called for `NODE.weight` and `NODE.bias` of every convolution, for the network's
  /// constants and, if the head reads codes, for the priors; for `prepacked` see `Network.init`.
  ///
  /// - Throws: ``HeadError`` if the outputs are not those of a detector, `OperatorGraphError`, and
  ///   whatever `weights` throws.
  public init(
    graph: OperatorGraph, head: DetectionHead, normalization: Normalization,
    isa: InstructionSet = .best, numerics: Numerics = .float32, frameThreads: Int = 1,
    prepacked: ((PackedLayout) throws -> StoredTensor?)? = nil,
    weights: (String, [Int]) throws -> [Float]
  ) throws {
    let (maps, tensors) = try graph.compile()
    let size = try head.size(of: tensors.outputShapes)
    inputHeight = graph.inputHeight
    inputWidth = graph.inputWidth
    classes = size.classes
    rows = size.rows
    self.normalization = normalization
    network = try Network(
      graph: maps, tensors: tensors, isa: isa, numerics: numerics, pixels: normalization,
      frameThreads: frameThreads, prepacked: prepacked, weights: weights)
    outputs = (head.scores, head.boxes)
    scoring = head.scoreForm.scoring
    switch head.boxForm {
    case .codes:
      let numbers = try weights(DetectionHead.priors, [rows, 4])
      priors = (0..<rows).map { row in
        CenterBox(
          cx: numbers[row * 4], cy: numbers[row * 4 + 1], width: numbers[row * 4 + 2],
          height: numbers[row * 4 + 3])
      }
      boxes = .codes(head.boxCoder ?? BoxCoder(), priors)
    case .corners:
      priors = []
      boxes = .corners(horizontal: 1, vertical: 1)
    case .pixelCorners:
      priors = []
      boxes = .corners(horizontal: 1 / Float(inputWidth), vertical: 1 / Float(inputHeight))
    }
  }

  /// Size of the input in pixels.
  public var inputSize: InputSize { InputSize(width: inputWidth, height: inputHeight) }

  /// Creates a worker with its own memory.
  public func makeWorker(options: DetectionOptions) -> DetectorWorker {
    DetectorWorker(self, options: options)
  }
}
