public import Backbone
public import Layers
public import SSDLite

/// What a model computes: classes of an image, or boxes in it.
public enum ModelArchitecture: Hashable, Sendable {
  /// A backbone with its classifier.
  case classifier(ClassifierSpecification)
  /// A backbone with an SSDLite head.
  case detector(SSDLiteSpecification)

  /// Classes; a detector's include the background.
  public var classes: Int {
    switch self {
    case .classifier(let specification): specification.classes
    case .detector(let specification): specification.classes
    }
  }

  /// Input height in pixels.
  public var inputHeight: Int {
    switch self {
    case .classifier(let specification): specification.inputHeight
    case .detector(let specification): specification.inputHeight
    }
  }

  /// Input width in pixels.
  public var inputWidth: Int {
    switch self {
    case .classifier(let specification): specification.inputWidth
    case .detector(let specification): specification.inputWidth
    }
  }

  /// The network under the classifier or detector.
  public var backbone: BackboneKind {
    switch self {
    case .classifier(let specification): specification.backbone
    case .detector(let specification): specification.backbone
    }
  }

  /// The same network for inputs of another size.
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
    }
  }

  /// The network as operators.
  ///
  /// - Throws: `SpecificationError` for values out of range.
  public func graph() throws(SpecificationError) -> Graph {
    switch self {
    case .classifier(let specification): try specification.graph()
    case .detector(let specification): try specification.graph()
    }
  }

  /// The paper's table with shapes, parameters and multiply-adds.
  ///
  /// - Throws: `SpecificationError` for values out of range.
  public func table() throws(SpecificationError) -> NetworkTable {
    switch self {
    case .classifier(let specification): try specification.table()
    case .detector(let specification): try specification.table()
    }
  }
}
