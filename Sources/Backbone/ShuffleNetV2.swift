import Layers

/// ShuffleNetV2: half of the channels pass a unit unchanged, and a channel shuffle joins units.
///
/// Ma et al. 2018, arXiv:1807.11164.
struct ShuffleNetV2: BackboneNetwork {
  /// The output channels of each stage.
  struct Channels {
    /// Stages 2 to 4.
    let stages: [Int]
    /// The last convolution, "Conv5".
    let last: Int
  }

  // swift-format-ignore
  /// Table 5: the output channels, by width.
  static let table: [Double: Channels] = [
    0.5: .init(stages: [ 48,  96, 192], last: 1024),
    1.0: .init(stages: [116, 232, 464], last: 1024),
    1.5: .init(stages: [176, 352, 704], last: 1024),
    2.0: .init(stages: [244, 488, 976], last: 2048),
  ]
  /// Table 5: units of each stage, the first of which has stride 2.
  static let units = [4, 8, 4]
  /// Table 5: channels of the first convolution.
  static let stem = 24

  let title = "ShuffleNetV2, table 5 of Ma et al. 2018, arXiv:1807.11164"
  let columns = ["operator", "#out", "n", "s"]
  /// The last map of stride 16.
  let detectorCut: DetectorCut? = .afterModule("stage3")
  let hasReducedTail = false
  var widths: [Double]? { Self.table.keys.sorted() }

  func appendFeatures(to builder: inout BackboneBuilder) {
    guard let channels = Self.table[builder.widthMultiplier] else {
      preconditionFailure("the builder lets no other width pass")
    }
    builder.row(["conv 3x3", "\(Self.stem)", "1", "2"]) {
      $0.convolutionNormActivation(
        $0.module("conv1"), channels: Self.stem, kernel: 3, stride: 2, activation: .relu)
    }
    builder.row(["maxpool 3x3", "-", "1", "2"]) {
      $0.maxPool($0.module("maxpool"), kernel: 3, stride: 2)
    }
    for (stage, units) in Self.units.enumerated() {
      let (name, count) = ("stage\(stage + 2)", channels.stages[stage])
      let path = builder.module(name)
      var halves: (left: Value, right: Value)?
      builder.row(["unit", "\(count)", "1", "2"]) {
        halves = $0.downsamplingUnit("\(path).0", channels: count, isLast: units == 1)
      }
      builder.row(["unit", "\(count)", "\(units - 1)", "1"]) {
        for unit in 1..<units {
          guard let (left, right) = halves else { break }
          halves = $0.basicUnit("\(path).\(unit)", left, right, isLast: unit == units - 1)
        }
        $0.endModule(name)
      }
    }
    builder.row(["conv 1x1", "\(channels.last)", "1", "1"]) {
      $0.convolutionNormActivation($0.module("conv5"), channels: channels.last, activation: .relu)
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["avgpool", "-", "1", "-"]) { $0.globalAveragePool("avgpool") }
    builder.row(["fc", "\(classes)", "1", "1"]) { $0.linear("fc", channels: classes) }
  }
}

extension BackboneBuilder {
  /// Appends a unit that halves the map (figure 3d): both branches read all channels.
  ///
  /// Returns the halves that the next unit reads; the last unit of a stage leaves all channels in
  /// `x` instead.
  fileprivate mutating func downsamplingUnit(
    _ path: String, channels: Int, isLast: Bool
  ) -> (left: Value, right: Value)? {
    let input = x
    shuffleDepthwise("\(path).branch1.0", stride: 2)
    shufflePointwise("\(path).branch1.2", channels: channels / 2)
    let left = x
    x = input
    branch("\(path).branch2", channels: channels / 2, stride: 2)
    return shuffle(left, x, path, isLast: isLast)
  }

  /// Appends a unit of stride 1 (figure 3c): the left half passes unchanged.
  fileprivate mutating func basicUnit(
    _ path: String, _ left: Value, _ right: Value, isLast: Bool
  ) -> (left: Value, right: Value)? {
    x = right
    branch("\(path).branch2", channels: right.shape.channels, stride: 1)
    return shuffle(left, x, path, isLast: isLast)
  }

  private mutating func branch(_ path: String, channels: Int, stride: Int) {
    shufflePointwise("\(path).0", channels: channels)
    shuffleDepthwise("\(path).3", stride: stride)
    shufflePointwise("\(path).5", channels: channels)
  }

  /// Concatenates two branches and shuffles their channels in two groups: channel 2 i is channel i
  /// of the left branch, channel 2 i + 1 that of the right one.
  ///
  /// Each half of the result is an operator of its own, because the next unit reads them apart.
  private mutating func shuffle(
    _ left: Value, _ right: Value, _ path: String, isLast: Bool
  ) -> (left: Value, right: Value)? {
    let half = left.shape.channels
    let order = (0..<half).flatMap { [$0, half + $0] }
    if isLast {
      x = graph.gather([left, right], "\(path).shuffle", order: order)
      tap(path)
      return nil
    }
    return (
      graph.gather([left, right], "\(path).shuffle.left", order: Array(order[..<half])),
      graph.gather([left, right], "\(path).shuffle.right", order: Array(order[half...]))
    )
  }

  /// A pointwise convolution at `path`, with batch norm and ReLU; torchvision's lists hold all
  /// three.
  private mutating func shufflePointwise(_ path: String, channels: Int) {
    x = graph.convolution(x, path, outputChannels: channels, activation: .relu)
    countBatchNorm(channels)
  }

  /// A depthwise convolution at `path` with batch norm and no activation (section 3 of the paper).
  private mutating func shuffleDepthwise(_ path: String, stride: Int) {
    x = graph.depthwise(x, path, window: window(3, stride))
    countBatchNorm(x.shape.channels)
  }
}
