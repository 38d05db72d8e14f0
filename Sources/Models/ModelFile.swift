internal import Backbone
public import Layers
public import SSDLite

/// A model: weights and description in one `.safetensors` file.
///
/// The file has every tensor of the network under its canonical name (`NODE.weight`, `NODE.bias`),
/// with batch norm folded in. It may also have the same weights packed for some processors, and
/// nothing else. Opening a file checks the description, the names, shapes and formats, and that
/// every value is finite.
public struct ModelFile: Sendable {
  /// The path, as the caller gave it.
  public let path: String
  /// Everything about the model except its weights.
  public let description: ModelDescription
  /// Size of the file in bytes.
  public let byteCount: Int

  /// Weights that are already packed, for some processors and precisions.
  public let packedSections: [PackedSection]

  let file: SafetensorsFile

  /// Opens and checks the model at `path`.
  ///
  /// - Throws: ``ModelFileError`` if the file is missing, damaged or invalid.
  public init(path: String) throws(ModelFileError) {
    try FileKind.requireSafetensors(path)
    try self.init(converting { () throws(SafetensorsError) in try SafetensorsFile(path: path) })
  }

  init(_ file: SafetensorsFile) throws(ModelFileError) {
    let path = file.path
    guard let json = file.metadata[ModelDescription.metadataKey] else {
      throw ModelFileError(
        .notAModel, path: path,
        message: "The file contains tensors, but no description of a model.",
        remedy: "Import it first: stream-detect models import \(path) -o MODEL.safetensors")
    }
    self.path = path
    self.file = file
    description = try ModelDescription(json: json, path: path)
    byteCount = file.byteCount
    let packing = try PackingRecord(file)
    packedSections = packing?.sections ?? []
    try checkTensors(packing)
  }

  /// Lends the file's bytes.
  public func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try file.withBytes(body)
  }

  /// Returns the file's memory to the system until it is used again.
  ///
  /// For programs that have packed the weights and run for a long time.
  public func releasePages() { file.releasePages(except: packedSections.map(\.tensor)) }

  /// The values of a tensor, given its shape in PyTorch's order.
  ///
  /// - Throws: ``ModelFileError`` if there is no such tensor with that shape.
  public func weights(_ name: String, _ shape: [Int]) throws(ModelFileError) -> [Float] {
    try checked(name, shape).floats()
  }

  /// Creates the detector with its weights packed for `isa`; `frameThreads` threads share each
  /// frame.
  ///
  /// The input has the size that the model was trained for, or another `size`.
  ///
  /// - Throws: ``ModelFileError`` if the model is not a detector, can't have an input of that size,
  ///   or was never calibrated for `precision`.
  public func makeDetector(
    isa: InstructionSet = .best, precision: Precision = .fp32, frameThreads: Int = 1,
    size: InputSize? = nil
  ) throws -> Detector {
    if case .graph(let model) = description.architecture, case .detector(let head) = model.head {
      let own = InputSize(width: model.graph.inputWidth, height: model.graph.inputHeight)
      guard size == nil || size == own else {
        throw ModelFileError(
          .invalidOption, path: path,
          message: "The model was imported as a graph, whose input can only be \(own).",
          remedy: "Leave out the size, or export the model at that size.")
      }
      return try Detector(
        graph: model.graph, head: head, normalization: description.normalization, isa: isa,
        numerics: try numerics(for: precision), frameThreads: frameThreads,
        prepacked: prepacked(precision)
      ) { try weights($0, $1) }
    }
    guard case .detector(let specification) = description.architecture else {
      throw ModelFileError(
        .invalidOption, path: path,
        message: description.architecture.isSegmenter
          ? "The model segments images; it does not detect boxes."
          : "The model classifies images; it does not detect boxes.",
        remedy: description.architecture.isSegmenter
          ? "Use it with stream-detect segment, or choose a detector."
          : "Use it with stream-detect classify, or choose a detector.")
    }
    return try Detector(
      specification: specification, size: size, normalization: description.normalization, isa: isa,
      numerics: try numerics(for: precision), frameThreads: frameThreads,
      prepacked: prepacked(precision)
    ) { try weights($0, $1) }
  }

  /// Creates the classifier's network, whose output ``classifierHead`` names.
  ///
  /// - Throws: ``ModelFileError`` if the model is not a classifier, or was never calibrated for
  ///   `precision`.
  public func makeClassifier(
    isa: InstructionSet = .best, precision: Precision = .fp32, frameThreads: Int = 1
  ) throws -> Network {
    guard description.architecture.isClassifier else {
      throw ModelFileError(
        .invalidOption, path: path,
        message: description.architecture.isSegmenter
          ? "The model segments images; it does not classify them."
          : "The model detects boxes; it does not classify images.",
        remedy: description.architecture.isSegmenter
          ? "Use it with stream-detect segment, or choose a classifier."
          : "Use it with stream-detect detect, or choose a classifier.")
    }
    return try makeNetwork(
      isa: isa, numerics: try numerics(for: precision), frameThreads: frameThreads,
      prepacked: prepacked(precision))
  }

  /// Creates the segmenter's network, whose output is called `output`, for inputs of the model's
  /// own or another size.
  ///
  /// - Throws: ``ModelFileError`` if the model is not a segmenter, or was never calibrated for
  ///   `precision`; `SpecificationError` if the size is out of range.
  public func makeSegmenter(
    isa: InstructionSet = .best, precision: Precision = .fp32, frameThreads: Int = 1,
    size: InputSize? = nil
  ) throws -> Network {
    guard description.architecture.isSegmenter else {
      throw ModelFileError(
        .invalidOption, path: path, message: "The model gives pixels no classes.",
        remedy: "Choose a segmenter: stream-detect models pull lraspp_mobilenet_v3_large.")
    }
    return try makeNetwork(
      isa: isa, numerics: try numerics(for: precision), frameThreads: frameThreads,
      height: size?.height, width: size?.width, prepacked: prepacked(precision))
  }

  func numerics(for precision: Precision) throws(ModelFileError) -> Numerics {
    switch precision {
    case .fp32: return .float32
    case .bf16: return .bfloat16
    case .int8: break
    }
    if let quantization = description.quantization { return .integer(quantization) }
    throw ModelFileError(
      .invalidOption, path: path,
      message: "The model was never calibrated, which 8-bit integers require.",
      remedy: "Calibrate it: stream-detect models quantize \(path) --calibrate IMAGES -o MODEL, "
        + "or leave out --precision int8.")
  }

  /// The output of ``makeClassifier(isa:)`` with a score for each label, and the form of the
  /// scores.
  public var classifierHead: GraphModel.ClassifierHead {
    if case .graph(let model) = description.architecture, case .classifier(let head) = model.head {
      return head
    }
    return .init(scores: "output", scoreForm: .softmax)
  }

  /// Creates the network, optionally for inputs of another size.
  func makeNetwork(
    isa: InstructionSet = .best, keepsTaps: Bool = false, numerics: Numerics = .float32,
    frameThreads: Int = 1, height: Int? = nil, width: Int? = nil,
    prepacked: ((PackedLayout) throws -> StoredTensor?)? = nil
  ) throws -> Network {
    let architecture = description.architecture.resized(
      height: height ?? description.architecture.inputHeight,
      width: width ?? description.architecture.inputWidth)
    if case .graph(let model) = architecture {
      let size = (model.graph.inputHeight, model.graph.inputWidth)
      guard (height ?? size.0, width ?? size.1) == size else {
        throw SpecificationError.operators(
          "An imported graph only accepts inputs of \(size.1) x \(size.0) pixels.")
      }
      let checked = try model.check()
      return try Network(
        graph: checked.graph, tensors: checked.tensors, isa: isa, keepsTaps: keepsTaps,
        numerics: numerics, pixels: description.normalization, frameThreads: frameThreads,
        prepacked: prepacked
      ) { try weights($0, $1) }
    }
    let graph = try architecture.graph()
    return try Network(
      graph: graph, isa: isa, keepsTaps: keepsTaps, numerics: numerics,
      pixels: description.normalization, frameThreads: frameThreads, prepacked: prepacked
    ) { try weights($0, $1) }
  }

  /// Writes a model file and opens it again, which checks it.
  ///
  /// - Throws: ``ModelFileError`` if something is invalid, or the file cannot be written.
  @discardableResult
  public static func write(
    to path: String, _ description: ModelDescription, tensors: [WritableTensor]
  ) throws(ModelFileError) -> ModelFile {
    let json = try description.json(path: path)
    return try write(to: path, tensors: tensors, metadata: [ModelDescription.metadataKey: json])
  }

  static func write(
    to path: String, tensors: [WritableTensor], metadata: [String: String]
  ) throws(ModelFileError) -> ModelFile {
    try converting { () throws(SafetensorsError) in
      try SafetensorsFile.write(to: path, tensors: tensors, metadata: metadata)
    }
    return try ModelFile(path: path)
  }

  /// All tensors of the network, as they are stored.
  func tensors() -> [WritableTensor] {
    let packed = Set(packedSections.map(\.tensor))
    return file.names.filter { !packed.contains($0) }.compactMap { name in
      file.tensor(name).map { tensor in
        WritableTensor(
          name: name, type: tensor.type, shape: tensor.shape,
          bytes: tensor.withBytes { span in unsafe span.withUnsafeBytes { unsafe [UInt8]($0) } })
      }
    }
  }

  // MARK: Checks

  private func checkTensors(_ packing: PackingRecord?) throws(ModelFileError) {
    let packed = Set(packedSections.map(\.tensor))
    let shapes: [(name: String, shape: [Int])]
    do {
      shapes = try description.architecture.tensorShapes()
    } catch {
      throw fault(.invalidDescription, error.description)
    }
    var needed: Set<String> = []
    for (name, shape) in shapes {
      needed.insert(name)
      guard try checked(name, shape).isFinite() else {
        throw fault(.notFinite, "The tensor \(name) has a value that is not finite.")
      }
    }
    if let unknown = file.names.first(where: { !needed.contains($0) && !packed.contains($0) }) {
      throw fault(.unknownTensor, "The network has no tensor \(unknown).")
    }
    // Last, because the other checks give more specific errors.
    try packing?.check(file)
  }

  private func checked(_ name: String, _ shape: [Int]) throws(ModelFileError) -> StoredTensor {
    guard let tensor = file.tensor(name) else {
      throw fault(.missingTensor, "The tensor \(name) is missing.")
    }
    guard tensor.shape == shape, [.float32, .float16, .bfloat16].contains(tensor.type) else {
      throw fault(
        .wrongShape,
        "The tensor \(name) is \(tensor.type.rawValue) \(tensor.shape); the network needs \(shape) "
          + "of F32, F16 or BF16.")
    }
    return tensor
  }

  private func fault(_ code: ModelFileError.Code, _ message: String) -> ModelFileError {
    ModelFileError(
      code, path: path, message: message,
      remedy: "Import the model again from its original weights.")
  }
}
