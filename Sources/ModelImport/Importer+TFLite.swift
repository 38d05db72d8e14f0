internal import Models
internal import Backbone
internal import Layers
internal import SSDLite

extension Importer {
  /// Imports a TensorFlow Lite file: its operators, its weights, and what it says about its input
  /// and its outputs.
  static func importTFLite(
    _ file: MappedFile, _ request: ImportRequest
  ) throws(ModelFileError) -> ModelFile {
    let source = try TFLiteImport(file)
    let result = try source.run(request)
    var imported = result.imported
    let found = result.found
    imported.keep(found.outputs)
    let model = GraphModel(graph: imported.graph, head: found.head, classes: found.classes)
    let checked: GraphModel.Checked
    do {
      checked = try model.check()
    } catch {
      throw ModelFileError(
        .unknownLayer, path: request.path, message: error.description,
        remedy: "Convert the network without it; docs/tflite.md says what is supported.")
    }
    var tensors = try imported.tensors()
    if let priors = found.priors {
      tensors.append(WritableTensor(name: DetectionHead.priors, shape: [found.rows, 4], priors))
    }
    let metadata = TFLiteMetadata(source.model)
    let architecture = ModelArchitecture.graph(model)
    let description = ModelDescription(
      name: name(request), architecture: architecture,
      labels: try labels(
        architecture.classes, hasBackground: model.isDetector, request,
        inside: TFLiteMetadata.labels(file)),
      normalization: normalization(source, metadata, request),
      iouThreshold: result.iouThreshold ?? 0.5,
      provenance: provenance(
        request,
        source.model.producer.isEmpty
          ? "TensorFlow Lite" : "TensorFlow Lite, \(source.model.producer)"),
      license: request.license ?? metadata.printableLicense ?? "unknown",
      quantization: Quantization(
        of: checked.graph, ranges: result.ranges, weights: result.weights))
    return try ModelFile.write(to: request.output, description, tensors: tensors)
  }

  private static func normalization(
    _ source: TFLiteImport, _ metadata: TFLiteMetadata, _ request: ImportRequest
  ) -> Normalization {
    if let given = request.normalization { return given }
    var result = metadata.normalization ?? .signedUnit
    if let input = source.model.tensors[source.image].activation {
      // Pixels are the bytes themselves.
      let (mean, scale) = (Float(input.zero), input.scale)
      result = Normalization(mean: [mean, mean, mean], scale: [scale, scale, scale])
    }
    return request.adjusted(result)
  }
}

extension TFLiteMetadata {
  /// The licence, if it is short enough for a model's description.
  fileprivate var printableLicense: String? {
    guard let license, !license.isEmpty, license.utf8.count <= 500,
      license.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    else { return nil }
    return license
  }
}

extension Quantization {
  /// The quantisation of an imported network whose results have known ranges, and whose weights
  /// have known steps; `nil` if one of the results that are stored in bytes has no range.
  init?(
    of graph: Graph, ranges: [String: ActivationRange], weights: [String: WeightRounding]
  ) {
    var activations: [String: ActivationRange] = [:]
    for index in graph.quantizedNodes {
      let name = graph.nodes[index].name
      guard let range = ranges[name] else { return nil }
      activations[name] = range
    }
    // Such networks round both terms of a sum.
    for index in graph.summands {
      let name = graph.nodes[index].name
      activations[name] = ranges[name]
    }
    let names = Set(graph.nodes.map(\.name))
    self.init(activations: activations, weights: weights.filter { names.contains($0.key) })
  }
}
