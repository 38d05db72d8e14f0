internal import Models
internal import Backbone
internal import Layers
internal import SSDLite

extension Importer {
  /// Imports a frozen TensorFlow graph: its operators, its weights, its anchors, and what it does
  /// to its image.
  static func importFrozenGraph(
    _ file: MappedFile, _ request: ImportRequest
  ) throws(ModelFileError) -> ModelFile {
    let result = try FrozenImport(file).run(request)
    var imported = result.imported
    let found = result.found
    imported.keep(found.outputs)
    let model = GraphModel(graph: imported.graph, head: found.head, classes: found.classes)
    do {
      _ = try model.check()
    } catch {
      throw ModelFileError(
        .unknownLayer, path: request.path, message: error.description,
        remedy: "Export the network without it; docs/tensorflow.md says what is supported.")
    }
    var tensors = try imported.tensors()
    if let priors = found.priors {
      tensors.append(WritableTensor(name: DetectionHead.priors, shape: [found.rows, 4], priors))
    }
    let architecture = ModelArchitecture.graph(model)
    let description = ModelDescription(
      name: name(request), architecture: architecture,
      labels: try labels(architecture.classes, hasBackground: model.isDetector, request),
      normalization: normalization(result.image, request),
      iouThreshold: result.iouThreshold ?? 0.5,
      provenance: provenance(request, "TensorFlow, frozen graph"),
      license: request.license ?? "unknown")
    return try ModelFile.write(to: request.output, description, tensors: tensors)
  }

  private static func normalization(
    _ image: FrozenImage, _ request: ImportRequest
  ) -> Normalization {
    if let given = request.normalization { return given }
    let implied =
      image.isBytes ? Normalization(mean: [0, 0, 0], scale: [1, 1, 1]) : .signedUnit
    return request.adjusted(image.normalization ?? implied)
  }
}
