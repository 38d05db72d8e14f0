internal import Backbone
public import Layers

/// Finds the ranges of a model's feature maps on images: smallest and largest number of each.
///
/// Nothing is clipped: on SSDLite detectors the rare large activations are the objects.
/// For one thread at a time.
public struct Calibrator {
  /// Images seen so far.
  public private(set) var images = 0
  /// The model's input in pixels.
  public let inputWidth: Int
  /// The model's input in pixels.
  public let inputHeight: Int
  private let session: Session
  private let normalization: Normalization
  private let names: [String]
  private var ranges: [String: ActivationRange] = [:]

  /// Prepares the model's network in FP32.
  ///
  /// - Throws: What building the network throws.
  public init(_ model: ModelFile, isa: InstructionSet = .best) throws {
    let architecture = model.description.architecture
    let graph = try architecture.graph().tappingQuantizedNodes()
    let network = try Network(graph: graph, isa: isa, keepsTaps: true) { name, shape in
      try model.weights(name, shape)
    }
    inputWidth = architecture.inputWidth
    inputHeight = architecture.inputHeight
    session = network.makeSession()
    normalization = model.description.normalization
    names = graph.taps.keys.sorted()
  }

  /// Runs the network on an image and widens the ranges by what it finds.
  ///
  /// - Precondition: `rgb` is dense, `[inputHeight][inputWidth][3]`, red first.
  public mutating func observe(rgb: Span<UInt8>) {
    session.setInput(rgb: rgb, normalization)
    session.run()
    images += 1
    for name in names {
      guard let map = session.tap(name), let first = map.first else { continue }
      var range = ranges[name] ?? ActivationRange(minimum: first, maximum: first)
      for value in map {
        range.minimum = min(range.minimum, value)
        range.maximum = max(range.maximum, value)
      }
      ranges[name] = range
    }
  }

  /// The ranges over all images so far.
  public var quantization: Quantization { Quantization(activations: ranges) }
}

extension ModelFile {
  /// Writes the same model with these ranges for integers.
  ///
  /// - Throws: ``ModelFileError`` where the ranges do not fit, or the file cannot be written.
  @discardableResult
  public func write(
    to target: String, with quantization: Quantization
  ) throws(ModelFileError) -> ModelFile {
    var description = description
    description.quantization = quantization
    return try ModelFile.write(to: target, description, tensors: tensors())
  }
}
