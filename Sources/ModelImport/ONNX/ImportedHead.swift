internal import Geometry
internal import Models
internal import Backbone
internal import Layers
internal import SSDLite

/// Finds out the meaning of an imported graph's outputs.
struct ImportedHead {
  private let imported: ImportedGraph
  private let request: ImportRequest

  /// The head and the outputs that it reads.
  struct Result {
    var head: GraphModel.Head
    var classes: Int
    /// Priors `[rows, 4]`, centre and size, if the boxes are codes.
    var priors: [Float]?
    var rows: Int
    /// The outputs that the head reads.
    var outputs: [String]
  }

  init(_ imported: ImportedGraph, _ request: ImportRequest) {
    self.imported = imported
    self.request = request
  }

  func find() throws(ModelFileError) -> Result {
    if let name = request.scores, request.boxes == nil {
      return try classifier(try output(name))
    }
    if let pair = try pair() { return try detector(pair.scores, pair.boxes) }
    let vectors = imported.outputs.filter { output in
      output.shape.count { $0 != 1 } == 1 && output.shape[0] == 1
    }
    guard imported.outputs.count == 1, let only = vectors.first else { throw unclear() }
    return try classifier(only)
  }

  // MARK: Outputs

  private typealias Output = (name: String, shape: [Int])

  private func output(_ name: String) throws(ModelFileError) -> Output {
    guard let output = imported.outputs.first(where: { $0.name == name }) else {
      throw unclear("The graph has no output \(name).")
    }
    return output
  }

  /// Rows and columns of an output whose leading dimensions are 1.
  private func matrix(_ output: Output) -> (rows: Int, columns: Int)? {
    let dimensions = output.shape.drop { $0 == 1 }
    guard dimensions.count == 2, let rows = dimensions.first, let columns = dimensions.last else {
      return nil
    }
    return (rows, columns)
  }

  /// The outputs with scores and boxes: those that were named, or else the only two that match.
  private func pair() throws(ModelFileError) -> (scores: Output, boxes: Output)? {
    if let scores = request.scores, let boxes = request.boxes {
      return (try output(scores), try output(boxes))
    }
    var pairs: [(scores: Output, boxes: Output)] = []
    for boxes in imported.outputs {
      guard let size = matrix(boxes), size.columns == 4,
        request.boxes.map({ $0 == boxes.name }) ?? true
      else { continue }
      for scores in imported.outputs where scores.name != boxes.name {
        guard let found = matrix(scores), found.rows == size.rows, found.columns >= 2 else {
          continue
        }
        pairs.append((scores, boxes))
      }
    }
    if pairs.count > 1 { throw unclear() }
    return pairs.first
  }

  private func unclear(
    _ reason: String = "The meaning of the outputs is not clear."
  ) -> ModelFileError {
    let outputs = imported.outputs.prefix(20).map { "\($0.name.prefix(100)) \($0.shape)" }
      .joined(separator: ", ")
    return ModelFileError(
      .invalidOption, path: imported.path, message: "\(reason) The outputs are \(outputs).",
      remedy:
        "Name them: --scores NAME of [priors, classes] or [classes], and for boxes --boxes NAME "
        + "of [priors, 4].")
  }

  // MARK: Scores

  private func scoreForm(_ name: String) -> DetectionHead.ScoreForm {
    var value = imported.graph.outputs.first { $0.name == name }?.value ?? ""
    while let node = imported.node(value) {
      switch node.operation {
      case .softmax, .function(.sigmoid), .function(.activation(.hardSigmoid)):
        return .probabilities
      case .reshape, .transpose, .concatenate, .slice: value = node.inputs.first ?? ""
      default: return request.scoring == .sigmoid ? .sigmoid : .softmax
      }
    }
    return request.scoring == .sigmoid ? .sigmoid : .softmax
  }

  private func classifier(_ scores: Output) throws(ModelFileError) -> Result {
    let classes = scores.shape.reduce(1, *)
    guard scores.shape.count(where: { $0 != 1 }) <= 1, classes > 1 else { throw unclear() }
    return Result(
      head: .classifier(.init(scores: scores.name, scoreForm: scoreForm(scores.name))),
      classes: classes, priors: nil, rows: 0, outputs: [scores.name])
  }

  // MARK: Boxes

  private func detector(
    _ scores: Output, _ boxes: Output
  ) throws(ModelFileError) -> Result {
    guard let size = matrix(scores), let boxSize = matrix(boxes), boxSize == (size.rows, 4),
      size.columns >= 2
    else { throw unclear("The outputs \(scores.name) and \(boxes.name) do not match.") }
    var head = DetectionHead(
      scores: scores.name, boxes: boxes.name, scoreForm: scoreForm(scores.name),
      boxForm: .corners)
    var priors: [Float]?
    let outputs = [scores.name, boxes.name]
    if let maps = rawMaps(of: boxes.name) {
      let found = try self.priors(maps, rows: size.rows)
      head.boxForm = .codes
      head.boxCoder = found.coder
      priors = found.priors
    } else {
      head.boxForm = try TrialRun(imported).boxForm(of: boxes.name, outputs: outputs)
    }
    return Result(
      head: .detector(head), classes: size.columns, priors: priors, rows: size.rows,
      outputs: outputs)
  }

  /// Sizes `[channels, height, width]` of the maps whose values the output contains unchanged, or
  /// `nil` if the output is computed from them.
  private func rawMaps(of name: String) -> [[Int]]? {
    var kept = imported
    kept.keep([name])
    guard let graph = try? kept.graph.compile() else { return nil }
    let sizes = Dictionary(
      graph.graph.nodes.map { ($0.name, $0.output.shape) }
    ) { first, _ in first }
    guard let output = imported.graph.outputs.first(where: { $0.name == name }) else { return nil }
    var maps: [[Int]] = []
    // The last one is next. A detector has a dozen maps; concatenations of a tensor with itself
    // could make any number of them.
    var waiting = [output.value]
    var visits = 0
    while let value = waiting.popLast() {
      visits += 1
      guard visits <= Self.mostVisits, let node = imported.node(value) else { return nil }
      switch node.operation {
      case .reshape, .transpose: waiting += node.inputs.prefix(1)
      case .concatenate:
        guard waiting.count + node.inputs.count <= Self.mostVisits else { return nil }
        waiting += node.inputs.reversed()
      case .convolution:
        guard let shape = sizes[value] else { return nil }
        maps.append([shape.channels, shape.height, shape.width])
      default: return nil
      }
    }
    return maps
  }

  private static let mostVisits = 10_000

  private func priors(
    _ maps: [[Int]], rows: Int
  ) throws(ModelFileError) -> (priors: [Float], coder: BoxCoder) {
    if request.priors == nil, let found = constantPriors(rows) { return (found, BoxCoder()) }
    let perCell = maps.map { $0[0] / 4 }
    var rule = request.priors
    if rule == nil, perCell.allSatisfy({ $0 == 6 }) { rule = .torchvision }
    guard let rule else {
      throw ModelFileError(
        .invalidOption, path: imported.path,
        message:
          "The output boxes are regression codes, but the graph does not contain their priors.",
        remedy: "Name the rule for the priors: --priors torchvision, tensorflow or caffe.")
    }
    let (specification, coder) = Self.rule(rule, perCell, side: imported.input.height)
    let boxes =
      specification.maps == maps.count
      ? specification.priors(
        maps: maps.map { ($0[1], $0[2]) }, inputHeight: imported.input.height,
        inputWidth: imported.input.width) : []
    guard boxes.count == rows else {
      throw ModelFileError(
        .invalidOption, path: imported.path,
        message:
          "The rule \(rule.rawValue) gives \(boxes.count) priors on \(maps.count) maps; the "
          + "outputs have \(rows).",
        remedy: "Choose another rule with --priors.")
    }
    return (boxes.flatMap { [$0.cx, $0.cy, $0.width, $0.height] }, coder)
  }

  private static func rule(
    _ rule: PriorRule, _ perCell: [Int], side: Int
  ) -> (PriorSpecification, BoxCoder) {
    switch rule {
    case .torchvision:
      let ratios = [[Double]](repeating: [2, 3], count: perCell.count)
      return (.torchvision(TorchvisionPriors(aspectRatios: ratios)), BoxCoder())
    case .tensorflow:
      let priors = TensorFlowPriors(maps: perCell.count, reducesFirstMap: perCell.first == 3)
      return (.tensorFlow(priors), BoxCoder(order: .yxFirst))
    case .caffe: return (.caffe(.mobileNet(input: side)), BoxCoder())
    }
  }

  /// Priors that are an output of the graph: corners, or centre and size, in fractions or pixels.
  private func constantPriors(_ rows: Int) -> [Float]? {
    for (_, constant) in imported.constantOutputs {
      let dimensions = constant.shape.drop { $0 == 1 }
      guard Array(dimensions) == [rows, 4] else { continue }
      let numbers = constant.floats
      var boxes = stride(from: 0, to: rows * 4, by: 4).map { Array(numbers[$0..<$0 + 4]) }
      if boxes.contains(where: { $0[2] > 4 || $0[3] > 4 }) {
        let (width, height) = (Float(imported.input.width), Float(imported.input.height))
        boxes = boxes.map { [$0[0] / width, $0[1] / height, $0[2] / width, $0[3] / height] }
      }
      if boxes.allSatisfy({ $0[2] > $0[0] && $0[3] > $0[1] }) {
        boxes = boxes.map {
          [($0[0] + $0[2]) / 2, ($0[1] + $0[3]) / 2, $0[2] - $0[0], $0[3] - $0[1]]
        }
      }
      return boxes.flatMap(\.self)
    }
    return nil
  }
}
