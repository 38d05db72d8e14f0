public import Backbone
public import Layers
public import SSDLite

/// What a model computes: the class of an image or of each of its pixels, or boxes in it.
public enum ModelArchitecture: Hashable, Sendable {
  /// A backbone with its classifier.
  case classifier(ClassifierSpecification)
  /// A backbone with an SSDLite head.
  case detector(SSDLiteSpecification)
  /// A backbone with a head that gives each pixel a class.
  case segmenter(SegmenterSpecification)
  /// An imported network, operator by operator.
  case graph(GraphModel)

  /// Whether it detects boxes rather than classifying whole images.
  public var isDetector: Bool {
    switch self {
    case .classifier, .segmenter: false
    case .detector: true
    case .graph(let model): model.isDetector
    }
  }

  /// Whether it gives each pixel a class.
  public var isSegmenter: Bool { if case .segmenter = self { true } else { false } }

  /// Whether it classifies whole images.
  public var isClassifier: Bool { !isDetector && !isSegmenter }

  /// Number of classes; a detector's and a segmenter's include the background.
  public var classes: Int {
    switch self {
    case .classifier(let specification): specification.classes
    case .detector(let specification): specification.classes
    case .segmenter(let specification): specification.classes
    case .graph(let model): model.classes
    }
  }

  /// Number of classes that can be found: a detector's background does not count.
  package var labelCount: Int { isDetector ? classes - 1 : classes }

  /// Input height in pixels.
  public var inputHeight: Int {
    switch self {
    case .classifier(let specification): specification.inputHeight
    case .detector(let specification): specification.inputHeight
    case .segmenter(let specification): specification.inputHeight
    case .graph(let model): model.graph.inputHeight
    }
  }

  /// Input width in pixels.
  public var inputWidth: Int {
    switch self {
    case .classifier(let specification): specification.inputWidth
    case .detector(let specification): specification.inputWidth
    case .segmenter(let specification): specification.inputWidth
    case .graph(let model): model.graph.inputWidth
    }
  }

  /// The same network for inputs of another size; an imported graph keeps its own.
  public func resized(height: Int, width: Int) -> ModelArchitecture {
    switch self {
    case .classifier(var specification):
      specification.inputHeight = height
      specification.inputWidth = width
      return .classifier(specification)
    case .detector(var specification):
      specification.inputHeight = height
      specification.inputWidth = width
      return .detector(specification)
    case .segmenter(var specification):
      specification.inputHeight = height
      specification.inputWidth = width
      return .segmenter(specification)
    case .graph: return self
    }
  }

  /// The network as operators, without the tensor operators at the end of an imported one.
  ///
  /// - Throws: `SpecificationError` if a value is out of range.
  public func graph() throws(SpecificationError) -> Graph {
    switch self {
    case .classifier(let specification): try specification.graph()
    case .detector(let specification): try specification.graph()
    case .segmenter(let specification): try specification.graph()
    case .graph(let model): try model.check().graph
    }
  }

  /// The paper's table with shapes, parameters and multiply-adds, or the operators on feature maps
  /// of an imported network.
  ///
  /// - Throws: `SpecificationError` if a value is out of range.
  public func table() throws(SpecificationError) -> NetworkTable {
    switch self {
    case .classifier(let specification): try specification.table()
    case .detector(let specification): try specification.table()
    case .segmenter(let specification): try specification.table()
    case .graph(let model): try model.table()
    }
  }

  /// Every tensor of a model file with its shape in PyTorch's order.
  func tensorShapes() throws(SpecificationError) -> [(name: String, shape: [Int])] {
    if case .graph(let model) = self { return try model.check().tensorShapes }
    return try graph().nodes.flatMap { node -> [(name: String, shape: [Int])] in
      guard let shape = node.weightShape else { return [] }
      return [("\(node.name).weight", shape), ("\(node.name).bias", [shape[0]])]
    }
  }
}
