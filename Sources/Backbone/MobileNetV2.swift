import Layers

/// MobileNetV2: inverted residuals with linear bottlenecks.
struct MobileNetV2: BackboneNetwork {
  /// A sequence of bottlenecks.
  struct BottleneckRow {
    /// Expansion factor; 1 means that the block has no expansion.
    let t: Int
    /// Output channels.
    let c: Int
    /// Repetitions.
    let n: Int
    /// Stride of the first one; the others have 1.
    let s: Int
  }

  // swift-format-ignore
  /// Table 2 of Sandler et al. 2018, arXiv:1801.04381v4, for inputs of 224 x 224.
  static let bottlenecks: [BottleneckRow] = [
    //                                  input
    .init(t: 1, c:  16, n: 1, s: 1),  // 112 x 112 x 32
    .init(t: 6, c:  24, n: 2, s: 2),  // 112 x 112 x 16
    .init(t: 6, c:  32, n: 3, s: 2),  //  56 x  56 x 24
    .init(t: 6, c:  64, n: 4, s: 2),  //  28 x  28 x 32
    .init(t: 6, c:  96, n: 3, s: 1),  //  14 x  14 x 64
    .init(t: 6, c: 160, n: 3, s: 2),  //  14 x  14 x 96
    .init(t: 6, c: 320, n: 1, s: 1),  //   7 x   7 x 160
  ]

  let title = "MobileNetV2, table 2 of Sandler et al. 2018, arXiv:1801.04381"
  let columns = ["operator", "t", "c", "n", "s"]
  /// Section 6.2: the expansion of the first block of stride 32.
  let detectorCut: DetectorCut? = .afterExpansion(ofBlock: 14)
  let hasReducedTail = false

  func appendFeatures(to builder: inout BackboneBuilder) {
    builder.row(["conv2d 3x3", "-", "32", "1", "2"]) {
      $0.convolutionNormActivation(
        $0.nextBlock().path.module, channels: $0.channels(32), kernel: 3, stride: 2,
        activation: .relu6)
    }
    for row in Self.bottlenecks {
      builder.row(["bottleneck", "\(row.t)", "\(row.c)", "\(row.n)", "\(row.s)"]) {
        for repetition in 0..<row.n {
          $0.invertedResidual(
            InvertedResidual(
              arrangement: .mobileNetV2, expandedChannels: $0.x.shape.channels * row.t,
              expands: row.t != 1, outputChannels: $0.channels(row.c),
              stride: repetition == 0 ? row.s : 1, activation: .relu6))
        }
      }
    }
    builder.row(["conv2d 1x1", "-", "1280", "1", "1"]) {
      // "For multipliers less than one, we apply width multiplier to all layers except the very
      // last convolutional layer" (section 6.1).
      let channels = roundedChannels(1280 * max(1, $0.widthMultiplier), to: 8)
      $0.convolutionNormActivation(
        $0.nextBlock().path.module, channels: channels, activation: .relu6)
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["avgpool", "-", "-", "1", "-"]) {
      $0.globalAveragePool("avgpool")
      $0.tap("classifier.0")
    }
    builder.row(["fc", "-", "\(classes)", "1", "1"]) {
      $0.linear("classifier.1", channels: classes)
      $0.tap("classifier")
    }
  }
}
