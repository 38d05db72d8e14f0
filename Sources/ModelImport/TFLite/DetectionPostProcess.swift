internal import Models
internal import Layers
internal import SSDLite

/// TensorFlow Lite's operator at the end of SSD: it decodes boxes relative to anchors, and drops
/// those that overlap.
///
/// Its anchors, variances and number of classes are taken over; the boxes are decoded and
/// suppressed by this program.
struct DetectionPostProcess {
  /// The operator's name in files.
  static let name = "TFLite_Detection_PostProcess"

  let node: TFLiteOperator
  /// Overlap above which the weaker of two boxes is dropped.
  let iouThreshold: Float?
  private let path: String
  private let coder: BoxCoder
  /// Centre x, centre y, width and height of each anchor.
  private let priors: [Float]
  /// Number of classes without the background.
  private let classes: Int

  init(
    _ node: TFLiteOperator, _ model: TFLiteModel, _ path: String
  ) throws(WireFault) {
    self.node = node
    self.path = path
    guard let range = node.customOptions, let index = node.input(2) else {
      throw WireFault(message: "\(Self.name) has no options or no anchors.")
    }
    let options = try FlexBuffer(model.bytes[range]).numbers()
    func scale(_ name: String) -> Float { Float(options[name] ?? 0) }
    let centre = scale("x_scale")
    let size = scale("w_scale")
    guard centre > 0, size > 0, scale("y_scale") == centre, scale("h_scale") == size,
      let classes = options["num_classes"], (1...9999).contains(classes)
    else {
      throw WireFault(message: "\(Self.name) has options that are missing or not supported.")
    }
    coder = BoxCoder(centerVariance: 1 / centre, sizeVariance: 1 / size, order: .yxFirst)
    self.classes = Int(classes)
    iouThreshold = options["nms_iou_threshold"].map { Float($0) }.flatMap {
      (0...1).contains($0) ? $0 : nil
    }
    let anchors = try model.tensors[index].numbers(model.bytes)
    guard anchors.shape.count == 2, anchors.shape[1] == 4 else {
      throw WireFault(message: "The anchors have the shape \(anchors.shape).")
    }
    // TensorFlow's order is centre y, centre x, height, width.
    priors = anchors.values.indices.map { Float(anchors.values[$0 ^ 1]) }
  }

  /// The name of `scores` in the converter, with a column for the background in front if it has
  /// none.
  func scoresWithBackground(
    _ converter: inout TFLiteConverter, _ scores: Int
  ) throws(ModelFileError) -> String {
    let name = converter.key(scores)
    guard let shape = converter.target.shape(name), shape.count == 3, shape[2] == classes else {
      return name
    }
    // As a logit this is a score of zero with a softmax, too.
    let column = ConstantTensor(
      shape: [1, shape[1], 1], values: [Double](repeating: -1e4, count: shape[1]), isInteger: false)
    try converter.target.define("\(name), background", column)
    let result = "\(name) with background"
    try converter.target.appendConcatenation(
      "\(converter.title(scores)).background", ["\(name), background", name], output: result,
      axis: 2)
    return result
  }

  /// The head of the model.
  func head(
    _ imported: ImportedGraph, boxes: String, scores: String, form: DetectionHead.ScoreForm?
  ) throws(ModelFileError) -> ImportedHead.Result {
    let rows = priors.count / 4
    let shapes = Dictionary(imported.outputs.map { ($0.name, $0.shape) }) { first, _ in first }
    guard shapes[boxes] == [1, rows, 4], shapes[scores] == [1, rows, classes + 1] else {
      throw TFLiteImport.invalid(
        path,
        "\(Self.name) has \(rows) anchors and \(classes) classes, but reads boxes of "
          + "\(shapes[boxes] ?? []) and scores of \(shapes[scores] ?? []).",
        "Convert the network again.")
    }
    let head = DetectionHead(
      scores: scores, boxes: boxes, scoreForm: form ?? .probabilities, boxForm: .codes,
      boxCoder: coder)
    return ImportedHead.Result(
      head: .detector(head), classes: classes + 1, priors: priors, rows: rows,
      outputs: [scores, boxes])
  }
}
