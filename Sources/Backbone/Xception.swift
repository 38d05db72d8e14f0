import Layers

/// Xception: depthwise separable convolutions with residual connections around pairs and triples.
///
/// Chollet 2017, arXiv:1610.02357v3, for inputs of 299 x 299. As in the author's implementation
/// (Keras), the two layers of a separable convolution have nothing between them: no batch norm, no
/// activation and no bias.
struct Xception: BackboneNetwork {
  /// A module with a shortcut around it.
  struct ModuleRow {
    /// Output channels of its separable convolutions.
    let channels: [Int]
    /// Repetitions.
    let n: Int
    /// Stride of the max pooling at its end and of the shortcut's convolution; 1 if it has neither.
    let s: Int
    /// Whether it begins with a ReLU.
    var hasActivation = true
  }

  // swift-format-ignore
  /// Figure 5: the modules between the two convolutions at the start and the two separable ones at
  /// the end.
  static let modules: [ModuleRow] = [
    //                                                                          input
    .init(channels: [128,  128],      n: 1, s: 2, hasActivation: false),  // 147 x 147 x 64
    .init(channels: [256,  256],      n: 1, s: 2),                        //  74 x  74 x 128
    .init(channels: [728,  728],      n: 1, s: 2),                        //  37 x  37 x 256
    .init(channels: [728,  728, 728], n: 8, s: 1),                        //  19 x  19 x 728
    .init(channels: [728, 1024],      n: 1, s: 2),                        //  19 x  19 x 728
  ]
  /// Figure 5: channels of the convolutions at the start, and of the separable ones at the end.
  static let (first, last) = ([32, 64], [1536, 2048])

  let title = "Xception, figure 5 of Chollet 2017, arXiv:1610.02357"
  let columns = ["operator", "#out", "n", "s"]
  /// The last map of stride 16.
  let detectorCut: DetectorCut? = .afterModule("block11")
  let hasReducedTail = false
  let hasScaledReleases = false
  let inputSide = 299

  func appendFeatures(to builder: inout BackboneBuilder) {
    for (index, channels) in Self.first.enumerated() {
      let stride = index == 0 ? 2 : 1
      builder.row(["conv 3x3", "\(channels)", "1", "\(stride)"]) {
        $0.unpaddedConvolution(
          "conv\(index + 1)", channels: $0.channels(channels), stride: stride)
      }
    }
    var number = 1
    for row in Self.modules {
      let channels = row.channels.map { "\($0)" }.joined(separator: ", ")
      builder.row(["module", channels, "\(row.n)", "\(row.s)"]) {
        for _ in 0..<row.n {
          $0.xceptionModule("block\(number)", row)
          number += 1
        }
      }
    }
    for (index, channels) in Self.last.enumerated() {
      builder.row(["separable 3x3", "\(channels)", "1", "1"]) {
        let name = "conv\(index + 3)"
        $0.separable($0.module(name), channels: $0.channels(channels), activation: .relu)
        $0.endModule(name)
      }
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["avgpool", "-", "1", "-"]) { $0.globalAveragePool("global_pool") }
    builder.row(["fc", "\(classes)", "1", "1"]) { $0.linear("fc", channels: classes) }
  }
}

extension BackboneBuilder {
  fileprivate mutating func unpaddedConvolution(_ name: String, channels: Int, stride: Int) {
    let path = module(name)
    x = graph.convolution(
      x, "\(path).0", outputChannels: channels,
      window: Window(kernel: 3, stride: stride, padding: .valid), activation: .relu)
    countBatchNorm(channels)
    endModule(name)
  }

  /// A ReLU before each separable convolution, then the pooling, and the shortcut.
  fileprivate mutating func xceptionModule(_ name: String, _ row: Xception.ModuleRow) {
    let path = module(name)
    let input = x
    if row.hasActivation { x = graph.activation(x, "\(path).relu", .relu) }
    for (index, channels) in row.channels.enumerated() {
      let isLast = index == row.channels.count - 1
      separable(
        "\(path).sepconv\(index + 1)", channels: self.channels(channels),
        activation: isLast ? .none : .relu)
    }
    var shortcut = input
    if row.s > 1 {
      x = graph.maxPool(x, "\(path).pool", window: window(3, row.s))
      shortcut = graph.convolution(
        input, "\(path).skip.0", outputChannels: x.shape.channels, window: window(1, row.s))
      countBatchNorm(x.shape.channels)
    }
    x = graph.add(x, shortcut, "\(path).add")
    endModule(name)
  }

  /// A depthwise and a pointwise convolution with one batch norm, after both.
  fileprivate mutating func separable(_ path: String, channels: Int, activation: Activation) {
    x = graph.depthwise(x, "\(path).depthwise", window: window(3, 1))
    leaveOutBiases(x.shape.channels)
    x = graph.convolution(
      x, "\(path).pointwise.0", outputChannels: channels, activation: activation)
    countBatchNorm(channels)
  }
}
