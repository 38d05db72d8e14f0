package import Backbone
public import Layers
public import SSDLite

/// An imported network, and how to read its outputs.
public struct GraphModel: Hashable, Sendable {
  /// How to read the scores of a classifier.
  public struct ClassifierHead: Codable, Hashable, Sendable {
    /// Name of the output with a score for each class.
    public var scores: String
    /// The form of the scores.
    public var scoreForm: DetectionHead.ScoreForm

    /// Creates a head.
    public init(scores: String, scoreForm: DetectionHead.ScoreForm) {
      self.scores = scores
      self.scoreForm = scoreForm
    }
  }

  /// What the network is for.
  public enum Head: Hashable, Sendable {
    /// Classes of an image.
    case classifier(ClassifierHead)
    /// Boxes in an image.
    case detector(DetectionHead)
  }

  /// The operators.
  public var graph: OperatorGraph
  /// How to read the outputs.
  public var head: Head
  /// Number of classes; a detector's include the background.
  public var classes: Int

  /// Creates a model.
  public init(graph: OperatorGraph, head: Head, classes: Int) {
    self.graph = graph
    self.head = head
    self.classes = classes
  }

  /// Whether it detects boxes.
  public var isDetector: Bool { if case .detector = head { true } else { false } }

  /// A network in the engine's form, and the tensors that it needs.
  package struct Checked {
    package var graph: Graph
    package var tensors: TensorProgram
    /// Every tensor of the model file with its shape.
    package var tensorShapes: [(name: String, shape: [Int])]
  }

  /// Checks the operators and the outputs.
  ///
  /// - Throws: `SpecificationError`, which says what is wrong.
  package func check() throws(SpecificationError) -> Checked {
    do {
      let (maps, tensors) = try graph.compile()
      var shapes = maps.nodes.flatMap { node -> [(name: String, shape: [Int])] in
        guard let shape = node.weightShape else { return [] }
        return [("\(node.name).weight", shape), ("\(node.name).bias", [shape[0]])]
      }
      shapes += graph.constants.map { ($0.name, $0.shape) }
      let found: Int
      switch head {
      case .detector(let head):
        let size = try head.size(of: tensors.outputShapes)
        found = size.classes
        if head.boxForm == .codes { shapes.append((DetectionHead.priors, [size.rows, 4])) }
      case .classifier(let head):
        guard let shape = tensors.outputShapes[head.scores] else {
          throw HeadError(description: "The network has no output \(head.scores).")
        }
        found = shape.reduce(1, *)
        guard shape.count(where: { $0 != 1 }) <= 1, (1...100_000).contains(found) else {
          throw HeadError(
            description: "The output \(head.scores) has the shape \(shape); it must have one "
              + "score per class."
          )
        }
      }
      guard Set(shapes.map(\.name)).count == shapes.count else {
        throw HeadError(description: "Two tensors have the same name.")
      }
      guard found == classes else {
        throw HeadError(description: "The outputs have \(found) classes instead of \(classes).")
      }
      return Checked(graph: maps, tensors: tensors, tensorShapes: shapes)
    } catch {
      throw .operators("\(error)")
    }
  }
}

extension GraphModel: Codable {
  /// Distinguishes graphs from the networks of the specifications.
  enum Kind: String, Codable {
    case graph
  }

  enum CodingKeys: String, CodingKey {
    case kind, head, classes
  }

  private enum HeadKeys: String, CodingKey {
    case boxes
  }

  /// Reads the operators and the head; a head with boxes is a detector's.
  ///
  /// - Throws: `DecodingError` if a value is missing or has the wrong type.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    graph = try OperatorGraph(from: decoder)
    classes = try values.decode(Int.self, forKey: .classes)
    let keys = try values.nestedContainer(keyedBy: HeadKeys.self, forKey: .head)
    head =
      keys.contains(.boxes)
      ? .detector(try values.decode(DetectionHead.self, forKey: .head))
      : .classifier(try values.decode(ClassifierHead.self, forKey: .head))
  }

  /// Writes the operators and the head.
  ///
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(Kind.graph, forKey: .kind)
    try values.encode(classes, forKey: .classes)
    switch head {
    case .classifier(let head): try values.encode(head, forKey: .head)
    case .detector(let head): try values.encode(head, forKey: .head)
    }
    try graph.encode(to: encoder)
  }
}
