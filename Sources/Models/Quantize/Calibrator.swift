internal import Backbone
public import Layers

/// Finds the ranges of a model's feature maps on images, and prepares its weights for 8-bit
/// integers.
///
/// By default the range is from the smallest to the largest value of each map. Nothing is clipped
/// then: in SSDLite detectors the rare large activations are the objects. Use it from one thread at
/// a time.
public struct Calibrator {
  /// How ranges are chosen.
  public enum Method: String, Sendable, CaseIterable {
    /// From the smallest to the largest value.
    case minmax
    /// The range with the smallest mean squared error of the bytes.
    case mse
  }

  /// The steps besides recording the smallest and largest values.
  public struct Options: Hashable, Sendable {
    /// How ranges are chosen.
    public var method = Method.minmax
    /// Whether channels between layers are evened out first (`Graph.equalized`).
    public var equalizes = false
    /// Whether biases are corrected for the shift that rounding the weights causes
    /// (`Graph.correctedBiases`).
    public var correctsBiases = false

    /// Creates options for ranges only.
    public init() {}
  }

  /// Calls its argument with each image: dense, `[inputHeight][inputWidth][3]`, red first.
  public typealias Images = ((Span<UInt8>) -> Void) -> Void

  /// Number of images in each pass.
  public private(set) var images = 0
  /// Number of feature maps whose channels were evened out.
  public private(set) var equalizedMaps = 0
  /// The ranges that were found.
  public private(set) var quantization = Quantization(activations: [:])
  /// Width of the model's input in pixels.
  public let inputWidth: Int
  /// Height of the model's input in pixels.
  public let inputHeight: Int

  private let model: ModelFile
  private let isa: InstructionSet
  private let graph: Graph
  private var changed: [String: [Float]] = [:]

  /// Prepares to calibrate a model.
  ///
  /// - Throws: Whatever building the network throws.
  public init(_ model: ModelFile, isa: InstructionSet = .best) throws {
    let architecture = model.description.architecture
    self.model = model
    self.isa = isa
    graph = try architecture.graph()
    inputWidth = architecture.inputWidth
    inputHeight = architecture.inputHeight
  }

  /// Runs the network in FP32 over `images`, as many times as the options require.
  ///
  /// - Throws: Whatever building the network throws.
  public mutating func calibrate(_ options: Options = Options(), on images: Images) throws {
    var observer = try observe(images)
    guard self.images > 0 else { return }
    if options.equalizes {
      let (tensors, maps) = try graph.equalized(channels: observer.channels, weights: weights)
      changed.merge(tensors) { $1 }
      equalizedMaps = maps
      observer = try observe(images)
    }
    quantization = observer.quantization
    if options.method == .mse {
      var histograms = try HistogramObserver(
        graph: graph, within: quantization, isa: isa, weights: weights)
      images { rgb in
        histograms.session.setInput(rgb: rgb, model.description.normalization)
        histograms.run()
      }
      quantization = histograms.quantization
    }
    keepOwnSteps()
    if options.correctsBiases {
      let biases = try graph.correctedBiases(
        channels: observer.channels, inputChannels: observer.inputChannels,
        roundings: quantization.weights ?? [:], weights: weights)
      changed.merge(biases) { $1 }
    }
  }

  /// Keeps what a network that was trained in 8 bits brings along: the steps of its weights, unless
  /// they were changed, and the ranges of the terms of its sums.
  private mutating func keepOwnSteps() {
    guard let own = model.description.quantization else { return }
    quantization.weights = own.weights?.filter { changed["\($0.key).weight"] == nil }
    for name in graph.summands.map({ graph.nodes[$0].name })
    where quantization.activations[name] == nil {
      quantization.activations[name] = own.activations[name]
    }
  }

  /// Writes the model with the ranges and weights that were found.
  ///
  /// - Throws: ``ModelFileError`` if the ranges do not match the network, or the file cannot be
  ///   written.
  @discardableResult
  public func write(to path: String) throws(ModelFileError) -> ModelFile {
    try model.write(to: path, with: quantization, changing: changed)
  }

  private mutating func observe(_ images: Images) throws -> RangeObserver {
    var observer = try RangeObserver(graph: graph, isa: isa, weights: weights)
    var count = 0
    images { rgb in
      observer.session.setInput(rgb: rgb, model.description.normalization)
      observer.run()
      count += 1
    }
    self.images = count
    return observer
  }

  private func weights(_ name: String, _ shape: [Int]) throws -> [Float] {
    try changed[name] ?? model.weights(name, shape)
  }
}

extension ModelFile {
  /// Writes the same model with these ranges for integers.
  ///
  /// - Parameters:
  ///   - target: Path of the file.
  ///   - quantization: The ranges.
  ///   - changed: Values that replace those of the model's tensors; they are stored as F32.
  /// - Returns: The model, opened and checked.
  /// - Throws: ``ModelFileError`` if the ranges do not match the network, or the file cannot be
  ///   written.
  @discardableResult
  public func write(
    to target: String, with quantization: Quantization, changing changed: [String: [Float]] = [:]
  ) throws(ModelFileError) -> ModelFile {
    var description = description
    description.quantization = quantization
    let tensors = tensors().map { tensor in
      changed[tensor.name].map {
        WritableTensor(name: tensor.name, shape: tensor.shape, $0)
      } ?? tensor
    }
    return try ModelFile.write(to: target, description, tensors: tensors)
  }
}
