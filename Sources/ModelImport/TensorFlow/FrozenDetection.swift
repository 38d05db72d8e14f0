internal import Models
internal import Layers
internal import SSDLite

/// The end of an SSD of TensorFlow's object detection API: boxes are decoded relative to anchors,
/// and classes get scores.
///
/// The operators that decode are recognised by what they compute: centres are
/// `code / scale * size + centre`, sides `exp(code / scale) * size`, for each column of the codes
/// (`FasterRcnnBoxCoder`). Anchors are whatever the graph computes for the centres and sizes.
struct FrozenDetection {
  /// The codes, a row of four for each anchor.
  let codes: String
  /// The class logits with the background.
  let logits: String
  let form: DetectionHead.ScoreForm
  let coder: BoxCoder
  /// Overlap above which the weaker of two boxes is dropped.
  let iouThreshold: Float?
  /// The anchors' centre y and x, height and width.
  let anchors: [String]
  /// The node that takes the codes apart.
  let decoder: FrozenNode

  /// - Returns: `nil` if the graph does not decode boxes.
  init?(_ graph: FrozenGraph, _ path: String) throws(ModelFileError) {
    let readers = graph.readers(of: graph.nodes.indices)
    var found: (node: FrozenNode, columns: [Column])?
    for node in graph.nodes where node.operation == "Unpack" && !node.inputs.isEmpty {
      let columns = (0..<4).compactMap { Column(graph, readers, node, $0) }
      if columns.count == 4 { found = (node, columns) }
    }
    guard let (node, columns) = found else { return nil }
    decoder = node
    let factors = columns.map(\.factor)
    guard factors[0] == factors[1], factors[2] == factors[3], columns[0].size == columns[2].size,
      columns[1].size == columns[3].size, let down = columns[0].centre,
      let across = columns[1].centre
    else {
      throw FrozenImport.fault(
        path, node, "is decoded with the scales \(factors), which are not supported",
        code: .unknownLayer)
    }
    coder = BoxCoder(centerVariance: factors[0], sizeVariance: factors[2], order: .yxFirst)
    anchors = [down, across, columns[0].size, columns[1].size]
    // Columns become rows first.
    let input = graph.producer(of: node.inputs[0])
    codes = input?.operation == "Transpose" ? input?.inputs.first ?? "" : node.inputs[0]
    let scope = node.name.split(separator: "/").first.map { "\($0)/" } ?? ""
    let scores = graph.nodes.last { Self.form(of: $0) != nil && $0.name.hasPrefix(scope) }
    guard let scores, let form = Self.form(of: scores), let logits = scores.inputs.first else {
      throw FrozenImport.fault(
        path, node, "decodes boxes, but no softmax or sigmoid beside it computes their scores",
        code: .unknownLayer)
    }
    (self.form, self.logits) = (form, logits)
    iouThreshold = Self.overlap(graph)
  }

  private static func form(of node: FrozenNode) -> DetectionHead.ScoreForm? {
    switch node.operation {
    case "Sigmoid": .sigmoid
    case "Softmax": .softmax
    default: nil
    }
  }

  /// The overlap of the suppression, if it is a constant.
  private static func overlap(_ graph: FrozenGraph) -> Float? {
    let node = graph.nodes.first { $0.operation.hasPrefix("NonMaxSuppression") }
    guard let node else { return nil }
    var value = try? node.float("iou_threshold")
    if value == nil, node.inputs.count > 3,
      let tensor = graph.shortConstant(node.inputs[3]), tensor.count == 1
    {
      value = (try? tensor.numbers())?.scalar.map { Float($0) }
    }
    return value.flatMap { (0...1).contains($0) ? $0 : nil }
  }

  /// A column of the codes.
  private struct Column {
    /// What the code is multiplied by.
    var factor: Float
    /// The anchor's size.
    var size: String
    /// The anchor's centre; `nil` for a column with a size.
    var centre: String?

    init?(_ graph: FrozenGraph, _ readers: [String: [Int]], _ unpack: FrozenNode, _ index: Int) {
      var key = index == 0 ? unpack.name : "\(unpack.name):\(index)"
      // The only reader with this operation; the first few count, so that this takes bounded time.
      func reader(_ operations: String...) -> FrozenNode? {
        let found = (readers[key] ?? []).prefix(8).map { graph.nodes[$0] }
          .filter { operations.contains($0.operation) && $0.inputs.count <= 2 }
        return found.count == 1 ? found[0] : nil
      }
      func other(_ node: FrozenNode) -> String? {
        node.inputs.first { $0 != key }
      }
      factor = 1
      if let divided = reader("RealDiv", "Div"), divided.inputs.first == key,
        let tensor = other(divided).flatMap(graph.shortConstant), tensor.count == 1,
        let scale = (try? tensor.numbers())?.scalar, scale > 0, scale.isFinite
      {
        factor = Float(1 / scale)
        key = divided.name
      }
      if index >= 2 {
        guard let exponential = reader("Exp") else { return nil }
        key = exponential.name
      }
      guard let product = reader("Mul"), let size = other(product) else { return nil }
      self.size = size
      key = product.name
      guard index < 2 else { return }
      guard let sum = reader("Add", "AddV2"), let centre = other(sum) else { return nil }
      self.centre = centre
    }
  }
}
