#if canImport(FoundationEssentials)
internal import Geometry
public import Models
internal import FoundationEssentials
#else
internal import Foundation
#endif
internal import Backbone
internal import Layers
internal import SSDLite
internal import Support

/// Turns weights of other frameworks into model files.
public enum Importer {
  /// Reads the weights, matches them with their network, folds batch norm and writes the model
  /// file.
  ///
  /// - Returns: The model, opened and checked.
  /// - Throws: ``ModelFileError``, which names the faulty file, tensor, layer or option.
  @discardableResult
  public static func run(_ request: ImportRequest) throws(ModelFileError) -> ModelFile {
    let file = try converting { () throws(SafetensorsError) in try MappedFile(path: request.path) }
    switch FileKind(file) {
    case .onnx: return try importGraph(file, request)
    case .tensorFlowLite: return try importTFLite(file, request)
    case .frozenGraph: return try importFrozenGraph(file, request)
    default: break
    }
    var source = try read(request.path)
    guard source.tensors.count <= mostTensors else {
      throw ModelFileError(
        .tooLarge, path: request.path,
        message: "The file has \(source.tensors.count) tensors; at most \(mostTensors) are read.",
        remedy: "Check that it holds the weights of one network of this family.")
    }
    try source.canonicalize()
    let fit = try SpecificationInference(source, request).run()
    try checkWindows(fit, source)
    let description = try describe(fit, source, request)
    let epsilon =
      request.batchNormEpsilon ?? source.facts.batchNormEpsilon ?? fit.kind.batchNormEpsilon
    guard epsilon >= 0, epsilon < 1 else {
      throw ModelFileError(
        .invalidOption, path: request.path,
        message: "The epsilon of the batch norms is \(epsilon); it must be at least 0 and below 1.",
        remedy: "Give a number such as 1e-5 or 1e-3.")
    }
    // The head of LR-ASPP has PyTorch's own epsilon, the MobileNetV3 below it TensorFlow's.
    let others =
      request.batchNormEpsilon == nil && fit.kind.isSegmenter
      ? ["classifier.cbr.0": 1e-5] : [:]
    let tensors = try fit.assembly.tensors(
      epsilon: epsilon, others: others, path: request.path)
    return try ModelFile.write(to: request.output, description, tensors: tensors)
  }

  /// Tensors of a file, at most: hundreds of architectures and widths may be tried on them.
  private static let mostTensors = 10_000

  /// Reads a file of any supported kind, recognised by its first bytes.
  static func read(_ path: String) throws(ModelFileError) -> ImportSource {
    let file = try converting { () throws(SafetensorsError) in try MappedFile(path: path) }
    switch FileKind(file) {
    case .safetensors: return try readSafetensors(path)
    case .zip: return try TorchCheckpoint.read(file)
    case .legacyCheckpoint: return try TorchCheckpoint.readLegacy(file)
    case .ncnnText: return try NCNNModel.read(file)
    case .hdf5: return try KerasFile.read(file)
    case .pickle:
      throw unsupported(
        path, "This is a pickle, but not a PyTorch checkpoint.",
        "Save the weights with torch.save(model.state_dict(), FILE).")
    case .ncnnBinary:
      throw unsupported(
        path, "This is a binary ncnn .param file.", "Give the text .param file it was made from.")
    case .onnx:
      throw unsupported(
        path, "An ONNX graph is not a file of weights.", "Import it as a whole.")
    case .tensorFlowLite:
      throw unsupported(
        path, "A TensorFlow Lite file is not a file of weights.", "Import it as a whole.")
    case .frozenGraph:
      throw unsupported(
        path, "A TensorFlow graph is not a file of weights.", "Import it as a whole.")
    case .unknown where path.hasSuffix(".bin"):
      // Users may name either file of an ncnn model.
      let parameters = path.dropLast(".bin".count) + ".param"
      guard FolderListing.item(at: String(parameters)) != .missing else { fallthrough }
      return try read(String(parameters))
    case .unknown:
      throw unsupported(
        path, "The kind of the file is unknown.",
        "Give a PyTorch .pth, a .safetensors, an .onnx, a .tflite, a frozen .pb, a Keras .h5 or an "
          + "ncnn .param file.")
    }
  }

  private static func readSafetensors(_ path: String) throws(ModelFileError) -> ImportSource {
    let file = try converting { () throws(SafetensorsError) in try SafetensorsFile(path: path) }
    guard file.metadata[ModelDescription.metadataKey] == nil else {
      throw unsupported(path, "This is already a model file.", "Use it as it is.")
    }
    var source = ImportSource(path: path, kind: "safetensors", tensors: [:])
    for name in file.names { source.tensors[name] = file.tensor(name).map { SourceTensor($0) } }
    return source
  }

  private static func unsupported(
    _ path: String, _ message: String, _ remedy: String
  ) -> ModelFileError {
    ModelFileError(.unsupportedFormat, path: path, message: message, remedy: remedy)
  }

  /// Checks the windows that the file states against those of the network.
  private static func checkWindows(
    _ fit: SpecificationInference.Fit, _ source: ImportSource
  ) throws(ModelFileError) {
    guard !source.facts.windows.isEmpty, let graph = try? fit.architecture.graph() else { return }
    for node in graph.nodes {
      guard let stated = source.facts.windows[node.name] else { continue }
      switch node.operation {
      case .convolution(let window, _), .depthwise(let window, _):
        guard (window.kernel, window.stride) != (stated.kernel, stated.stride) else { continue }
        throw ModelFileError(
          .wrongShape, path: source.path,
          message: "The layer for \(node.name) has a window of \(stated.kernel) and a stride of "
            + "\(stated.stride); the network needs \(window.kernel) and "
            + "\(window.stride).",
          remedy: "Check that the file contains a \(fit.kind.rawValue).")
      default: continue
      }
    }
  }

  // MARK: Description

  private static func describe(
    _ fit: SpecificationInference.Fit, _ source: ImportSource, _ request: ImportRequest
  ) throws(ModelFileError) -> ModelDescription {
    let facts = source.facts
    let graph = facts.inputScales.isEmpty ? nil : try? fit.architecture.graph()
    var iou: Float = 0.5
    if case .detector(let specification) = fit.architecture {
      iou =
        switch specification.priors {
        case .torchvision where fit.kind == .ssd300VGG16: 0.45
        case .torchvision: 0.55
        case .tensorFlow: 0.6
        case .caffe: 0.45
        }
    }
    return ModelDescription(
      name: name(request),
      architecture: fit.architecture,
      labels: try labels(
        fit.architecture.classes, hasBackground: fit.kind.isDetector || fit.kind.isSegmenter,
        request),
      normalization: request.normalization ?? facts.normalization ?? fit.kind.normalization,
      scoreThreshold: facts.scoreThreshold ?? 0.5,
      iouThreshold: facts.iouThreshold ?? iou,
      maximumDetections: facts.maximumDetections ?? 300,
      provenance: provenance(request, source.kind),
      license: request.license ?? "unknown",
      quantization: graph.flatMap { Quantization(of: $0, inputScales: facts.inputScales) })
  }

  /// The model's name: as requested, or that of the output file.
  static func name(_ request: ImportRequest) -> String {
    let file = request.output.split(separator: "/").last.map(String.init) ?? request.output
    return request.name
      ?? (file.hasSuffix(".safetensors") ? String(file.dropLast(".safetensors".count)) : file)
  }

  /// Where the weights come from.
  static func provenance(_ request: ImportRequest, _ kind: String) -> String {
    request.provenance.map { "\($0) (\(kind))" }
      ?? "imported from \(request.path.split(separator: "/").last ?? "") (\(kind))"
  }

  /// The names from the requested file, or else those `inside` the weights, or else from a file
  /// beside them, or else of the data set.
  static func labels(
    _ classes: Int, hasBackground isDetector: Bool, _ request: ImportRequest,
    inside: [String]? = nil
  ) throws(ModelFileError) -> [String] {
    if let path = request.labels {
      let labels = try LabelFile.read(path)
      if let complete = complete(labels, classes, isDetector) { return complete }
      throw ModelFileError(
        .invalidOption, path: path,
        message: "The file has \(labels.count) names, but the network has \(classes) classes.",
        remedy: "Give one name per class"
          + (isDetector ? "; the background may be left out." : "."))
    }
    if let inside, let complete = complete(inside, classes, isDetector) { return complete }
    let folder = request.path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let beside = folder.isEmpty ? (request.path.hasPrefix("/") ? "/" : ".") : folder
    for name in ["labels.json", "labels.txt", "synset_words.txt"] {
      guard let labels = try? LabelFile.read("\(beside)/\(name)"),
        let complete = complete(labels, classes, isDetector)
      else { continue }
      return complete
    }
    return BuiltInLabels.labels(classes: classes, isDetector: isDetector)
  }

  /// `labels`, with the background added if only that is missing; `nil` if the number does not
  /// match.
  private static func complete(
    _ labels: [String], _ classes: Int, _ isDetector: Bool
  ) -> [String]? {
    if labels.count == classes { return labels }
    return isDetector && labels.count == classes - 1 ? ["background"] + labels : nil
  }
}
