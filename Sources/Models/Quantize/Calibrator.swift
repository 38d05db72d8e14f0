internal import Backbone
public import Layers

/// Finds the ranges of a model's feature maps on images, and prepares its weights for integers.
///
/// Without options: the smallest and the largest number of each map. Nothing is clipped then: on SSDLite
/// detectors the rare large activations are the objects. For one thread at a time.
public struct Calibrator {
  /// How ranges are chosen.
  public enum Method: String, Sendable, CaseIterable {
    /// From the smallest to the largest number.
    case minmax
    /// So that the mean squared error of the bytes is least.
    case mse
  }

  /// What is done beyond finding the smallest and the largest numbers.
  public struct Options: Hashable, Sendable {
    /// How ranges are chosen.
    public var method = Method.minmax
    /// Whether channels between layers are made alike first (`Graph.equalized`).
    public var equalizes = false
    /// Whether biases make up for what rounding the weights shifts (`Graph.correctedBiases`).
    public var correctsBiases = false

    /// Nothing more.
    public init() {}
  }

  /// Calls its argument with each image: dense, `[inputHeight][inputWidth][3]`, red first.
  public typealias Images = ((Span<UInt8>) -> Void) -> Void

  /// Images of each pass.
  public private(set) var images = 0
  /// Feature maps whose channels were made alike.
  public private(set) var equalizedMaps = 0
  /// The ranges that were found.
  public private(set) var quantization = Quantization(activations: [:])
  /// The model's input in pixels.
  public let inputWidth: Int
  /// The model's input in pixels.
  public let inputHeight: Int

  private let model: ModelFile
  private let isa: InstructionSet
  private let graph: Graph
  private var changed: [String: [Float]] = [:]

  /// Prepares for a model.
  ///
  /// - Throws: What building the network throws.
  public init(_ model: ModelFile, isa: InstructionSet = .best) throws {
    let architecture = model.description.architecture
    self.model = model
    self.isa = isa
    graph = try architecture.graph()
    inputWidth = architecture.inputWidth
    inputHeight = architecture.inputHeight
  }

  /// Runs the network in FP32 over `images`, as often as the options need it.
  ///
  /// - Throws: What building the network throws.
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
    if options.correctsBiases {
      let biases = try graph.correctedBiases(
        channels: observer.channels, inputChannels: observer.inputChannels, weights: weights)
      changed.merge(biases) { $1 }
    }
  }

  /// Writes the model with what was found.
  ///
  /// - Throws: ``ModelFileError`` where the ranges do not fit, or the file cannot be written.
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
  ///   - changed: Numbers of tensors that take the place of the model's; they are stored as F32.
  /// - Returns: The model, opened and checked.
  /// - Throws: ``ModelFileError`` where the ranges do not fit, or the file cannot be written.
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
