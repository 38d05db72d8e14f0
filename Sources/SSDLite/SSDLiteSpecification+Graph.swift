public import Backbone
public import Layers

extension SSDLiteSpecification {
  /// The detector as operators.
  ///
  /// Its outputs are `cls_logits` (`[priors, classes]`) and `bbox_regression` (`[priors, 4]`), with
  /// rows in the order map, y, x, prior. Nodes and taps have the names of torchvision's SSD and
  /// SSDLite modules, whatever the backbone.
  ///
  /// - Throws: ``SpecificationError`` if values are out of range or do not match each other.
  public func graph() throws(SpecificationError) -> Graph {
    try build().graph
  }

  /// The backbone's table, followed by the extra blocks and the heads.
  ///
  /// - Throws: ``SpecificationError`` if values are out of range or do not match each other.
  public func table() throws(SpecificationError) -> NetworkTable {
    let network = backbone.network
    return NetworkTable(
      title: "\(style.title) on \(network.title)", columns: network.columns, rows: try build().rows)
  }

  /// Sizes of the feature maps that the heads read.
  ///
  /// - Throws: ``SpecificationError`` if values are out of range or do not match each other.
  public func mapSizes() throws(SpecificationError) -> [(height: Int, width: Int)] {
    try build().maps.map { ($0.shape.height, $0.shape.width) }
  }

  func build() throws(SpecificationError) -> (
    graph: Graph, rows: [NetworkTable.Row], maps: [Value]
  ) {
    let network = backbone.network
    guard let cut = network.detectorCut else { throw .noDetector(backbone) }
    guard !reducedTail || network.hasReducedTail else { throw .noReducedTail(backbone) }
    try validate(cut, sides: network.detectorSides)
    var builder = try BackboneBuilder(
      backbone: backbone, widthMultiplier: widthMultiplier, reducedTail: reducedTail,
      inputHeight: inputHeight, inputWidth: inputWidth, padding: padding, names: .detector(cut))
    var maps: [Value]
    if case .own = cut {
      maps = network.appendDetectorMaps(to: &builder)
    } else {
      network.appendFeatures(to: &builder)
      builder.tap("backbone.features.1")
      guard let firstMap = builder.firstMap else {
        preconditionFailure("the detector cut of \(backbone.rawValue) is not at one of its blocks")
      }
      maps = [firstMap, builder.x]
      for (index, channels) in extraChannels.enumerated() {
        builder.row(cells(network, "extra 3x3", channels, stride: 2)) {
          $0.extraBlock(
            "backbone.extra.\(index)", channels: channels, isSeparable: style.hasSeparableExtras)
        }
        maps.append(builder.x)
      }
    }
    try appendHeads(maps, network, to: &builder)
    return (builder.graph.finish(), builder.rows, maps)
  }

  private func appendHeads(
    _ maps: [Value], _ network: any BackboneNetwork, to builder: inout BackboneBuilder
  ) throws(SpecificationError) {
    var logits: [Value] = []
    var codes: [Value] = []
    var scores = 0
    for (index, map) in maps.enumerated() {
      let perCell = priors.priorsPerCell(map: index)
      scores += map.shape.pixels * perCell * classes
      guard scores <= Self.mostScores else {
        throw .priors(
          "The detector would write more than \(Self.mostScores) scores for an image; use a "
            + "smaller input, fewer classes or fewer priors.")
      }
      builder.x = map
      builder.row(cells(network, "head, classes", perCell * classes, stride: 1)) {
        logits.append(
          $0.predictionBlock(
            "head.classification_head.module_list.\(index)", style, channels: perCell * classes))
      }
      builder.x = map
      builder.row(cells(network, "head, boxes", perCell * 4, stride: 1)) {
        codes.append(
          $0.predictionBlock(
            "head.regression_head.module_list.\(index)", style, channels: perCell * 4))
      }
    }
    builder.graph.output(logits, "cls_logits", columns: classes)
    builder.graph.output(codes, "bbox_regression", columns: 4)
  }

  /// A row's cells in the columns of the backbone's table: operator, output channels, stride.
  private func cells(
    _ network: any BackboneNetwork, _ name: String, _ channels: Int, stride: Int
  ) -> [String] {
    network.columns.enumerated().map { index, column in
      if index == 0 { return name }
      return switch column {
      case "c", "#out": "\(channels)"
      case "s": "\(stride)"
      case "n": "1"
      default: "-"
      }
    }
  }

  private func validate(
    _ cut: DetectorCut, sides: ClosedRange<Int>
  ) throws(SpecificationError) {
    let classRange = 2...10_000
    guard classRange.contains(classes) else { throw .classes(classes, range: classRange) }
    guard sides.contains(inputHeight), sides.contains(inputWidth) else {
      throw .input(height: inputHeight, width: inputWidth, range: sides)
    }
    let maps: Int
    if case .own(let count) = cut {
      guard extraChannels.isEmpty else { throw .extraChannels(extraChannels) }
      maps = count
    } else {
      guard (1...8).contains(extraChannels.count),
        extraChannels.allSatisfy({ (2...8192).contains($0) })
      else { throw .extraChannels(extraChannels) }
      maps = extraChannels.count + 2
    }
    try priors.validate()
    guard priors.maps == maps else {
      throw .priors(
        "The priors are for \(priors.maps) feature maps; the network has \(maps).")
    }
    let variances = [boxCoder.centerVariance, boxCoder.sizeVariance]
    guard variances.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw .variances(center: boxCoder.centerVariance, size: boxCoder.sizeVariance)
    }
  }

  /// Largest number of scores in the output: 1 GiB.
  private static let mostScores = 1 << 28
}

extension BackboneBuilder {
  /// Appends a block that halves the map: 1x1 to half the channels, then 3x3 with stride 2, or that
  /// 3x3 depthwise and 1x1.
  ///
  /// Liu et al. 2016, arXiv:1512.02325, figure 2; with separable convolutions Sandler et al. 2018,
  /// arXiv:1801.04381, section 6.2.
  fileprivate mutating func extraBlock(_ path: String, channels: Int, isSeparable: Bool) {
    convolutionNormActivation("\(path).0", channels: channels / 2, activation: .relu6)
    if isSeparable {
      depthwiseNormActivation("\(path).1", stride: 2, activation: .relu6)
      convolutionNormActivation("\(path).2", channels: channels, activation: .relu6)
    } else {
      convolutionNormActivation(
        "\(path).1", channels: channels, kernel: 3, stride: 2, activation: .relu6)
    }
    tap(path)
  }

  /// Appends a head's layers on one map; the last has its own bias and no activation.
  fileprivate mutating func predictionBlock(
    _ path: String, _ style: SSDStyle, channels: Int
  ) -> Value {
    switch style {
    case .separable:
      depthwiseNormActivation("\(path).0", activation: .relu6)
      linear("\(path).1", channels: channels)
    case .separableExtras, .fullExtras:
      linear(path, channels: channels)
    case .full:
      x = graph.convolution(x, path, outputChannels: channels, window: window(3, 1))
    }
    tap(path)
    return x
  }
}
