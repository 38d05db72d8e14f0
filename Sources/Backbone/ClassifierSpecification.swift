public import Layers

/// A backbone with its classifier: everything that determines the graph.
public struct ClassifierSpecification: Codable, Hashable, Sendable {
  /// The network.
  public var backbone: BackboneKind
  /// Factor on the number of channels, alpha in the MobileNet papers; 1 for SqueezeNet.
  public var widthMultiplier: Double
  /// Number of classes, and of logits in the output.
  public var classes: Int
  /// Input height in pixels.
  public var inputHeight: Int
  /// Input width in pixels.
  public var inputWidth: Int
  /// Padding of the strided windows.
  ///
  /// SqueezeNet ignores it, as its strided windows have no padding.
  public var padding: PaddingConvention
  /// Zeros around the input of SqueezeNet's last convolution, which is 1x1.
  ///
  /// 0 in torchvision; 1 in the authors' releases for Caffe, where the zeros count in the mean. The
  /// MobileNets ignore it.
  public var classifierPadding: Int

  /// Creates a specification; the defaults are those of the ImageNet networks.
  public init(
    backbone: BackboneKind, widthMultiplier: Double = 1, classes: Int = 1000,
    inputHeight: Int = 224, inputWidth: Int = 224, padding: PaddingConvention = .even,
    classifierPadding: Int = 0
  ) {
    self.backbone = backbone
    self.widthMultiplier = widthMultiplier
    self.classes = classes
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.padding = padding
    self.classifierPadding = classifierPadding
  }

  /// The network as operators, with the output `output` (`[1, classes]`, logits).
  ///
  /// Nodes and taps have the names of torchvision's modules.
  ///
  /// - Throws: ``SpecificationError`` if a value is out of range.
  public func graph() throws(SpecificationError) -> Graph {
    try build().graph
  }

  /// The paper's table with the shapes and costs of this specification.
  ///
  /// - Throws: ``SpecificationError`` if a value is out of range.
  public func table() throws(SpecificationError) -> NetworkTable {
    let (_, rows) = try build()
    let network = backbone.network
    return NetworkTable(title: network.title, columns: network.columns, rows: rows)
  }

  private func build() throws(SpecificationError) -> (graph: Graph, rows: [NetworkTable.Row]) {
    guard SpecificationLimits.classes.contains(classes) else {
      throw .classes(classes, range: SpecificationLimits.classes)
    }
    guard SpecificationLimits.classifierPaddings.contains(classifierPadding) else {
      throw .classifierPadding(classifierPadding, range: SpecificationLimits.classifierPaddings)
    }
    if let sides = backbone.network.classifierSides,
      !sides.contains(inputHeight) || !sides.contains(inputWidth)
    {
      throw .input(height: inputHeight, width: inputWidth, range: sides)
    }
    var builder = try BackboneBuilder(
      backbone: backbone, widthMultiplier: widthMultiplier, inputHeight: inputHeight,
      inputWidth: inputWidth, padding: padding, names: .classifier)
    let network = backbone.network
    network.appendFeatures(to: &builder)
    builder.tap("features")
    builder.classifierPadding = classifierPadding
    network.appendClassifier(to: &builder, classes: classes)
    builder.graph.output([builder.x], "output", columns: classes)
    return (builder.graph.finish(), builder.rows)
  }
}
