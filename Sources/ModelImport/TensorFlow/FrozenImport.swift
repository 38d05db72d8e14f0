internal import Models
internal import Layers
internal import SSDLite

/// Imports a frozen TensorFlow graph (`frozen_inference_graph.pb`): its operators, its weights, and
/// what it does before the first layer and after the last.
struct FrozenImport {
  let path: String
  let graph: FrozenGraph

  /// A converted network.
  struct Result {
    var imported: ImportedGraph
    var found: ImportedHead.Result
    var image: FrozenImage
    /// Overlap above which the graph's own suppression drops the weaker of two boxes.
    var iouThreshold: Float?
  }

  /// Names of a detector's outputs, as the object detection API calls these tensors.
  static let boxes = "box_encodings"
  static let scores = "class_predictions_with_background"

  init(_ file: MappedFile) throws(ModelFileError) {
    path = file.path
    guard file.byteCount <= ImportLimits.file else {
      throw ModelFileError(
        .tooLarge, path: path,
        message: "The file is larger than \(ImportLimits.file >> 20) MiB.",
        remedy: "Use a smaller network; MobileNets have a few MB.")
    }
    do {
      graph = try FrozenGraph(file.copy(0..<file.byteCount))
    } catch {
      guard error.isTooLarge else {
        throw ModelFileError(
          .damaged, path: path,
          message: "This is not a complete frozen TensorFlow graph. \(error.message)",
          remedy: "Download it or freeze it again; a SavedModel has to be frozen first.")
      }
      throw ModelFileError(
        .tooLarge, path: path, message: error.message,
        remedy: "Use a smaller network; MobileNets have a few thousand nodes.")
    }
  }

  func run(_ request: ImportRequest) throws(ModelFileError) -> Result {
    if let detection = try FrozenDetection(graph, path) { return try run(detection, request) }
    let ends = try self.ends(request)
    let (imported, image) = try network(ends, request)
    var found = try ImportedHead(imported, request).find()
    if ends.count == 1, let form = ends[0].form, case .classifier(var head) = found.head {
      head.scoreForm = form
      found.head = .classifier(head)
    }
    return Result(imported: imported, found: found, image: image)
  }

  /// The operators and weights before the results `ends`.
  func network(
    _ ends: [End], _ request: ImportRequest
  ) throws(ModelFileError) -> (ImportedGraph, FrozenImage) {
    var (converter, image) = try convert(ends.map(\.key), request)
    for end in ends { converter.target.alias(end.name, of: try converter.target.plain(end.key)) }
    let imported = try ImportedGraph(
      converter.target.converter, outputs: ends.map(\.name), input: input(image), producer: "")
    return (imported, image)
  }

  private func run(
    _ detection: FrozenDetection, _ request: ImportRequest
  ) throws(ModelFileError) -> Result {
    var (converter, image) = try convert(
      [detection.codes, detection.logits] + detection.anchors, request)
    let priors = try priors(detection, converter)
    let rows = priors.count / 4
    guard let shape = converter.target.shape(detection.logits), let classes = shape.last,
      shape.dropLast().allSatisfy({ $0 == 1 || $0 == rows }), classes >= 2,
      shapeCount(shape) == rows * classes,
      shapeCount(converter.target.shape(detection.codes) ?? []) == rows * 4
    else {
      throw Self.fault(
        path, detection.decoder,
        "decodes \(converter.target.shape(detection.codes) ?? []) with \(rows) anchors, and the "
          + "logits are \(converter.target.shape(detection.logits) ?? [])", code: .wrongShape)
    }
    for (key, name, columns) in [
      (detection.codes, Self.boxes, 4), (detection.logits, Self.scores, classes),
    ] {
      try converter.target.appendReshape(
        "\(name).rows", key, output: name, to: [1, rows, columns])
    }
    let imported = try ImportedGraph(
      converter.target.converter, outputs: [Self.scores, Self.boxes], input: input(image),
      producer: "")
    let head = DetectionHead(
      scores: Self.scores, boxes: Self.boxes, scoreForm: detection.form, boxForm: .codes,
      boxCoder: detection.coder)
    return Result(
      imported: imported,
      found: ImportedHead.Result(
        head: .detector(head), classes: classes, priors: priors, rows: rows,
        outputs: [Self.scores, Self.boxes]),
      image: image, iouThreshold: detection.iouThreshold)
  }

  /// The anchors as centre x, centre y, width and height.
  private func priors(
    _ detection: FrozenDetection, _ converter: FrozenConverter
  ) throws(ModelFileError) -> [Float] {
    let columns = detection.anchors.map { converter.target.converter.constants[$0]?.floats ?? [] }
    let rows = columns[0].count
    guard rows > 0, columns.allSatisfy({ $0.count == rows }),
      columns.allSatisfy({ $0.allSatisfy(\.isFinite) })
    else {
      throw Self.fault(
        path, detection.decoder,
        "decodes boxes with \(columns.map(\.count)) numbers as anchors, which must be constants "
          + "with a row for each", code: .wrongShape)
    }
    // TensorFlow's order is centre y, centre x, height, width.
    return (0..<4 * rows).map { columns[($0 % 4) ^ 1][$0 / 4] }
  }

  private func input(_ image: FrozenImage) -> ImageInput {
    ImageInput(
      name: OperatorGraph.input, height: image.height, width: image.width, isPlanar: false,
      isBytes: image.isBytes)
  }

  /// Converts what `results` depend on.
  private func convert(
    _ results: [String], _ request: ImportRequest
  ) throws(ModelFileError) -> (FrozenConverter, FrozenImage) {
    var image = try FrozenImage(graph, path, of: results, size: request.inputSize)
    do {
      let all = try graph.order(of: results, without: Set(image.keys))
      let absorbed = image.absorb(graph, graph.readers(of: all))
      let live = all.filter { !absorbed.contains(graph.nodes[$0].name) }
      guard live.count <= OperatorLimits.nodes else {
        throw ModelFileError(
          .tooLarge, path: path,
          message: "The network has \(live.count) nodes; at most \(OperatorLimits.nodes) are read.",
          remedy: "Use a smaller network; MobileNets have a few thousand.")
      }
      var converter = FrozenConverter(graph, path, live: live, image: image, results: results)
      for place in live { try converter.convert(graph.nodes[place]) }
      return (converter, image)
    } catch let error as FrozenFault {
      guard let place = error.place else {
        throw Self.invalid(path, "The graph \(error.message).", "Export the network again.")
      }
      throw Self.fault(path, graph.nodes[place], error.message, code: .damaged)
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw Self.invalid(path, "The graph cannot be read: \(error)", "Export the network again.")
    }
  }

  // MARK: Outputs

  /// A result that becomes an output of the model.
  struct End {
    var key: String
    var name: String
    /// The form of the scores, if the result holds logits.
    var form: DetectionHead.ScoreForm?
  }

  /// The results that were asked for, or else those that nothing reads.
  func ends(_ request: ImportRequest) throws(ModelFileError) -> [End] {
    let asked = [request.scores, request.boxes].compactMap(\.self)
    var keys = asked
    if asked.isEmpty {
      let read = Set(graph.nodes.flatMap { $0.inputs.map { FrozenNode.name(of: $0) } })
      let silent: Set = ["Const", "NoOp", "Assert", "Placeholder"]
      keys = graph.nodes.filter { !silent.contains($0.operation) && !read.contains($0.name) }
        .map(\.name)
    }
    for key in asked where graph.producer(of: key) == nil {
      throw Self.invalid(
        path, "The graph has no node \(key.prefix(200)).", "Name one of its nodes.")
    }
    guard !keys.isEmpty, keys.count <= ImportLimits.outputs else {
      throw Self.invalid(
        path, "The graph has \(keys.count) outputs.", "Name the one with the scores: --scores NODE."
      )
    }
    guard keys.count == 1 else { return keys.map { End(key: $0, name: $0) } }
    return [end(of: keys[0])]
  }

  /// The output for `key`: if the network ends with a softmax or a sigmoid, what that reads, as
  /// scores are computed only where they matter.
  private func end(of key: String) -> End {
    var current = key
    // A graph that is no loop has fewer steps than nodes.
    for _ in graph.nodes.indices {
      guard let node = graph.producer(of: current), let input = node.inputs.first else { break }
      switch node.operation {
      case "Softmax": return End(key: input, name: input, form: .softmax)
      case "Sigmoid": return End(key: input, name: input, form: .sigmoid)
      case "Identity", "Reshape", "Squeeze": current = input
      default: return End(key: key, name: key)
      }
    }
    return End(key: key, name: key)
  }

  // MARK: Errors

  static func fault(
    _ path: String, _ node: FrozenNode, _ message: String, code: ModelFileError.Code
  ) -> ModelFileError {
    ModelFileError(
      code, path: path,
      message: "The node \(node.name.prefix(200)) (\(node.operation.prefix(60))) \(message).",
      remedy: code == .damaged
        ? "Download the file or freeze it again."
        : "Export the network without it; docs/tensorflow.md says what is supported.")
  }

  static func invalid(_ path: String, _ message: String, _ remedy: String) -> ModelFileError {
    ModelFileError(.invalidOption, path: path, message: message, remedy: remedy)
  }
}
