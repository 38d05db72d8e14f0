internal import Models
internal import Backbone
internal import Layers
internal import SSDLite

extension Importer {
  /// Imports an ONNX graph: its operators, its weights, and the meaning of its outputs.
  static func importGraph(
    _ file: MappedFile, _ request: ImportRequest
  ) throws(ModelFileError) -> ModelFile {
    var imported = try ONNXImport(file, request).run()
    let found = try ImportedHead(imported, request).find()
    imported.keep(found.outputs)
    let model = GraphModel(graph: imported.graph, head: found.head, classes: found.classes)
    do {
      _ = try model.check()
    } catch {
      throw ModelFileError(
        .unknownLayer, path: request.path, message: error.description,
        remedy: "Export the network without it; docs/onnx.md says what is supported.")
    }
    let known = KnownGraph(imported, found)
    var tensors = try imported.tensors()
    if let priors = found.priors {
      tensors.append(
        WritableTensor(name: DetectionHead.priors, shape: [found.rows, 4], priors))
    }
    let architecture = ModelArchitecture.graph(model)
    var labels = try labels(architecture.classes, hasBackground: model.isDetector, request)
    if request.labels == nil, let knownLabels = known?.labels { labels = knownLabels }
    let description = ModelDescription(
      name: name(request), architecture: architecture, labels: labels,
      normalization: try normalization(imported, model, known, request),
      scoreThreshold: known?.scoreThreshold ?? 0.5, iouThreshold: known?.iouThreshold ?? 0.5,
      provenance: provenance(
        request, imported.producer.isEmpty ? "ONNX" : "ONNX, made by \(imported.producer)"),
      license: request.license ?? "unknown")
    return try ModelFile.write(to: request.output, description, tensors: tensors)
  }

  private static func normalization(
    _ imported: ImportedGraph, _ model: GraphModel, _ known: KnownGraph?, _ request: ImportRequest
  ) throws(ModelFileError) -> Normalization {
    if let given = request.normalization { return given }
    let result =
      known?.normalization
      ?? (imported.input.isBytes
        ? Normalization(mean: [0, 0, 0], scale: [1, 1, 1])
        : model.isDetector ? .signedUnit : .imageNet)
    return request.adjusted(result)
  }
}

/// A network that is recognised by its outputs, with the settings that its files do not contain.
struct KnownGraph {
  let labels: [String]
  let normalization: Normalization
  let scoreThreshold: Float
  let iouThreshold: Float

  /// Linzaer's Ultra-Light-Fast-Generic-Face-Detector-1MB: inputs `(x - 127) / 128`, thresholds as
  /// in its demo (https://github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB).
  init?(_ imported: ImportedGraph, _ found: ImportedHead.Result) {
    let rows = [[320, 240]: 4420, [640, 480]: 17640]
    guard case .detector(let head) = found.head, head.scores == "scores", head.boxes == "boxes",
      found.classes == 2, rows[[imported.input.width, imported.input.height]] == found.rows
    else { return nil }
    labels = ["background", "face"]
    normalization = Normalization(
      mean: [127, 127, 127], scale: [1 / 128, 1 / 128, 1 / 128])
    scoreThreshold = 0.7
    iouThreshold = 0.3
  }
}
