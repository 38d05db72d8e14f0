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
  private var observer: RangeObserver
  private let normalization: Normalization

  /// Prepares the model's network in FP32.
  ///
  /// - Throws: What building the network throws.
  public init(_ model: ModelFile, isa: InstructionSet = .best) throws {
    let architecture = model.description.architecture
    observer = try RangeObserver(graph: try architecture.graph(), isa: isa) { name, shape in
      try model.weights(name, shape)
    }
    inputWidth = architecture.inputWidth
    inputHeight = architecture.inputHeight
    normalization = model.description.normalization
  }

  /// Runs the network on an image and widens the ranges by what it finds.
  ///
  /// - Precondition: `rgb` is dense, `[inputHeight][inputWidth][3]`, red first.
  public mutating func observe(rgb: Span<UInt8>) {
    observer.session.setInput(rgb: rgb, normalization)
    observer.run()
    images += 1
  }

  /// The ranges over all images so far.
  public var quantization: Quantization { observer.quantization }
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
