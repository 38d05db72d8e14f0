internal import Models
internal import Layers
internal import SSDLite

/// Imports a TensorFlow Lite file: its operators, its weights, and what it says about its input and
/// its outputs.
///
/// The file is parsed with our own reader: a few tables matter, and all offsets of an untrusted
/// file are checked in one place.
struct TFLiteImport {
  let path: String
  let model: TFLiteModel
  /// Index of the image's tensor.
  let image: Int
  private let height: Int
  private let width: Int

  /// A converted network.
  struct Result {
    var imported: ImportedGraph
    var found: ImportedHead.Result
    /// Overlap above which the file's own post-processing drops the weaker of two boxes.
    var iouThreshold: Float?
    /// The range of each result, by the name of the operator that computes it.
    var ranges: [String: ActivationRange]
    /// How each layer's weights are rounded, by the layer's name.
    var weights: [String: WeightRounding]
  }

  init(_ file: MappedFile) throws(ModelFileError) {
    path = file.path
    guard file.byteCount <= ImportLimits.file else {
      throw ModelFileError(
        .tooLarge, path: path,
        message: "The file is larger than \(ImportLimits.file >> 20) MiB.",
        remedy: "Use a smaller network; MobileNets have a few MB.")
    }
    do {
      model = try TFLiteModel(file.copy(0..<file.byteCount))
    } catch {
      throw Self.fault(path, error)
    }
    guard model.inputs.count == 1, let image = model.inputs.first else {
      throw Self.invalid(
        path, "The graph has \(model.inputs.count) inputs; there must be one, an image.",
        "Convert the network with an image as its only input.")
    }
    let shape = model.tensors[image].shape
    guard shape.count == 4, shape[0] == 1, shape[3] == 3,
      shape[1...2].allSatisfy({ (1...4096).contains($0) })
    else {
      throw Self.invalid(
        path, "The input has the shape \(shape); it must be one image of three channels.",
        "Convert the network for one colour image of a fixed size.")
    }
    self.image = image
    (height, width) = (shape[1], shape[2])
  }

  /// The operators and weights, before the meaning of the outputs is known.
  struct Converted {
    var imported: ImportedGraph
    /// Names of the outputs, and how each holds its scores.
    var names: [String]
    var forms: [DetectionHead.ScoreForm?]
    var post: DetectionPostProcess?
    var ranges: [String: ActivationRange]
    var weights: [String: WeightRounding]
  }

  func run(_ request: ImportRequest) throws(ModelFileError) -> Result {
    if let asked = request.inputSize, asked != (height, width) {
      throw Self.invalid(
        path, "The graph is for an input of \(width) x \(height) pixels.", "Leave out --size.")
    }
    let converted = try convert()
    let (names, forms) = (converted.names, converted.forms)
    var found: ImportedHead.Result
    if let post = converted.post {
      found = try post.head(
        converted.imported, boxes: names[0], scores: names[1], form: forms[1])
    } else {
      found = try ImportedHead(converted.imported, request).find()
      if forms.count == 1, let form = forms[0], case .classifier(var head) = found.head {
        head.scoreForm = form
        found.head = .classifier(head)
      }
    }
    return Result(
      imported: converted.imported, found: found, iouThreshold: converted.post?.iouThreshold,
      ranges: converted.ranges, weights: converted.weights)
  }

  func convert() throws(ModelFileError) -> Converted {
    let post = try postProcessing()
    guard model.outputs.count <= ImportLimits.outputs else {
      throw Self.invalid(
        path, "The graph has \(model.outputs.count) outputs.", "Convert it with those needed.")
    }
    let ends: [TFLiteEnd]
    if let post {
      ends = [try end(post.node, 0), try end(post.node, 1)]
    } else {
      ends = model.outputs.map { model.outputs.count == 1 ? end(of: $0) : TFLiteEnd(tensor: $0) }
    }
    var converter = TFLiteConverter(
      model, path, image: image, height: height, width: width, outputs: ends.map(\.tensor))
    for node in live(ends.map(\.tensor)) { try converter.convert(node) }
    var results = ends.map { (key: converter.key($0.tensor), title: converter.title($0.tensor)) }
    if let post { results[1].key = try post.scoresWithBackground(&converter, ends[1].tensor) }
    let names = try converter.nameOutputs(results)
    let imported = try ImportedGraph(
      converter.target.converter, outputs: names,
      input: ImageInput(
        name: OperatorGraph.input, height: height, width: width, isPlanar: false,
        isBytes: model.tensors[image].format?.byteOffset != nil),
      producer: model.producer)
    return Converted(
      imported: imported, names: names, forms: ends.map(\.form), post: post,
      ranges: converter.ranges(), weights: converter.weights)
  }

  // MARK: Outputs

  /// The operator that turns codes and scores into boxes, if the graph ends with it.
  private func postProcessing() throws(ModelFileError) -> DetectionPostProcess? {
    let found = model.operators.first { node in
      node.customName == DetectionPostProcess.name
        && node.outputs.contains(where: model.outputs.contains)
    }
    do {
      return try found.map { node throws(WireFault) in
        try DetectionPostProcess(node, model, path)
      }
    } catch {
      throw Self.fault(path, error)
    }
  }

  private func end(_ node: TFLiteOperator, _ input: Int) throws(ModelFileError) -> TFLiteEnd {
    guard let index = node.input(input) else {
      throw Self.invalid(
        path, "\(DetectionPostProcess.name) lacks an input.", "Convert the network again.")
    }
    return end(of: index)
  }

  /// The tensor that becomes the output for `index`: if the network ends with a softmax or a
  /// sigmoid, what that reads, as scores are computed only where they matter.
  private func end(of index: Int) -> TFLiteEnd {
    var producers: [Int: TFLiteOperator] = [:]
    for node in model.operators where node.outputs.count == 1 {
      producers[node.outputs[0]] = node
    }
    var current = index
    // A graph that is no loop has fewer steps than operators.
    for _ in model.operators.indices {
      guard let node = producers[current], let input = node.input(0) else { break }
      if node.code == TFLiteConverter.logistic { return TFLiteEnd(tensor: input, form: .sigmoid) }
      if node.code == TFLiteConverter.softmax, (try? node.options?.float(0)) ?? 1 == 1 {
        return TFLiteEnd(tensor: input, form: .softmax)
      }
      guard [TFLiteConverter.dequantize, TFLiteConverter.quantize].contains(node.code) else {
        break
      }
      current = input
    }
    return TFLiteEnd(tensor: index)
  }

  /// The operators that a tensor depends on, in order.
  private func live(_ results: [Int]) -> [TFLiteOperator] {
    var needed = Set(results)
    var live: [TFLiteOperator] = []
    for node in model.operators.reversed() where node.outputs.contains(where: needed.contains) {
      live.append(node)
      needed.formUnion(node.inputs)
    }
    return live.reversed()
  }

  // MARK: Errors

  static func fault(_ path: String, _ error: WireFault) -> ModelFileError {
    if error.isTooLarge {
      return ModelFileError(
        .tooLarge, path: path, message: error.message,
        remedy: "Use a smaller network; MobileNets have a few MB.")
    }
    return ModelFileError(
      .damaged, path: path,
      message: "This is not a complete TensorFlow Lite file. \(error.message)",
      remedy: "Download it or convert it again.")
  }

  static func invalid(_ path: String, _ message: String, _ remedy: String) -> ModelFileError {
    ModelFileError(.invalidOption, path: path, message: message, remedy: remedy)
  }
}

/// A tensor that becomes an output of the model.
struct TFLiteEnd {
  var tensor: Int
  /// The form of the scores, if the tensor holds logits.
  var form: DetectionHead.ScoreForm?
}

extension TFLiteConverter {
  /// Gives tensors the names that outputs have, and returns those.
  mutating func nameOutputs(
    _ results: [(key: String, title: String)]
  ) throws(ModelFileError) -> [String] {
    var names: [String] = []
    for (key, title) in results {
      let name = title.isEmpty || names.contains(title) ? key : title
      target.alias(name, of: try target.plain(key))
      names.append(name)
    }
    return names
  }

  /// The range of each quantised tensor, by the name of the operator that computes it.
  func ranges() -> [String: ActivationRange] {
    var result: [String: ActivationRange] = [:]
    for node in model.operators {
      for index in node.outputs {
        guard let activation = model.tensors[index].activation,
          let value = target.converter.tensors[key(index)]?.value
        else { continue }
        result[value] = ActivationRange(scale: activation.scale, zero: activation.zero)
      }
    }
    return result
  }
}

extension ActivationRange {
  /// The range of bytes with this step and zero point.
  init(scale: Float, zero: Int) {
    self.init(minimum: -Float(zero) * scale, maximum: Float(255 - zero) * scale)
    // Rounding the ends can change the step in its last place, so ends nearby are tried, too.
    let magnitudes = [-minimum, maximum]
    func moved(_ end: Int, by places: Int) -> Float {
      let value = magnitudes[end]
      guard value > 0 else { return value }
      return Float(bitPattern: UInt32(clamping: Int(value.bitPattern) + places))
    }
    for low in -3...3 where quantizer.scale != scale {
      for high in -3...3 where quantizer.scale != scale {
        (minimum, maximum) = (-moved(0, by: low), moved(1, by: high))
      }
    }
  }
}
