public import Layers

/// LR-ASPP on MobileNetV3-Large, which gives each pixel a class: everything that determines the
/// graph.
///
/// Howard et al. 2019, arXiv:1905.02244, section 6.4, as torchvision has it
/// (`lraspp_mobilenet_v3_large`): the last blocks keep stride 16 and are dilated instead; the head
/// pools over the whole map and reads the map of stride 8 as well.
public struct SegmenterSpecification: Codable, Hashable, Sendable {
  /// The network below the head; only MobileNetV3-Large has the layers that the head reads.
  public var backbone: BackboneKind
  /// Factor on the number of channels, alpha in the MobileNet papers; the head has 128 in any case.
  public var widthMultiplier: Double
  /// Number of classes with the background, and of logits for each pixel.
  public var classes: Int
  /// Input height in pixels.
  public var inputHeight: Int
  /// Input width in pixels.
  public var inputWidth: Int
  /// Padding of the strided windows.
  public var padding: PaddingConvention

  /// Creates a specification; the defaults are those of torchvision's weights.
  public init(
    backbone: BackboneKind = .mobileNetV3Large, widthMultiplier: Double = 1, classes: Int = 21,
    inputHeight: Int = 520, inputWidth: Int = 520, padding: PaddingConvention = .even
  ) {
    self.backbone = backbone
    self.widthMultiplier = widthMultiplier
    self.classes = classes
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.padding = padding
  }

  /// The network as operators, with the output `output`: a row of logits for each pixel of a map of
  /// stride 8, `[1, ceil(inputHeight / 8) * ceil(inputWidth / 8), classes]`.
  ///
  /// Nodes and taps have the names of torchvision's modules.
  ///
  /// - Throws: ``SpecificationError`` if a value is out of range.
  public func graph() throws(SpecificationError) -> Graph { try build().graph }

  /// The table of layers with the shapes and costs of this specification.
  ///
  /// - Throws: ``SpecificationError`` if a value is out of range.
  public func table() throws(SpecificationError) -> NetworkTable {
    let (_, rows) = try build()
    let network = backbone.network
    return NetworkTable(
      title: "LR-ASPP, section 6.4, on \(network.title)", columns: network.columns, rows: rows)
  }

  /// The block whose map of stride 8 the head reads.
  private static let lowBlock = "backbone.4"
  /// Channels of the head's branches.
  private static let headChannels = 128

  private func build() throws(SpecificationError) -> (graph: Graph, rows: [NetworkTable.Row]) {
    // Class ids of pixels are bytes.
    let range = 1...256
    guard range.contains(classes) else { throw .classes(classes, range: range) }
    guard backbone == .mobileNetV3Large else { throw .noSegmenter(backbone) }
    var builder = try BackboneBuilder(
      backbone: backbone, widthMultiplier: widthMultiplier, inputHeight: inputHeight,
      inputWidth: inputWidth, padding: padding, names: .segmenter)
    backbone.network.appendFeatures(to: &builder)
    guard let low = builder.graph.finish().taps[Self.lowBlock] else {
      preconditionFailure("\(backbone) has no block \(Self.lowBlock)")
    }
    builder.row(["LR-ASPP", "-", "\(classes)", "-", "-", "-"]) {
      appendHead(to: &$0, low: low)
    }
    builder.graph.output([builder.x], "output", columns: classes)
    return (builder.graph.finish(), builder.rows)
  }

  /// The head's logits are computed before they are brought to stride 8, and not after it as in the
  /// paper's figure 10: a 1x1 convolution and an interpolation can change places, and the map is
  /// four times smaller.
  private func appendHead(to builder: inout BackboneBuilder, low: Value) {
    let high = builder.x
    builder.convolutionNormActivation(
      "classifier.cbr", channels: Self.headChannels, activation: .relu)
    let features = builder.x
    builder.x = high
    builder.globalAveragePool("classifier.scale.0")
    builder.linear("classifier.scale.1", channels: Self.headChannels)
    let factors = builder.graph.function(builder.x, "classifier.scale.2", .sigmoid)
    builder.x = builder.graph.scale(features, by: factors, "classifier.scaled")
    builder.linear("classifier.high_classifier", channels: classes)
    let shape = builder.x.shape
    let resampling = Resampling(
      height: low.shape.height, width: low.shape.width, mode: .linear, coordinates: .halfPixel,
      rounding: .preferFloor, rowScale: Double(low.shape.height) / Double(shape.height),
      columnScale: Double(low.shape.width) / Double(shape.width))
    let coarse = builder.graph.resize(builder.x, "classifier.resized", resampling)
    builder.x = low
    builder.linear("classifier.low_classifier", channels: classes)
    builder.x = builder.graph.add(builder.x, coarse, "classifier")
    builder.tap("classifier")
  }
}
