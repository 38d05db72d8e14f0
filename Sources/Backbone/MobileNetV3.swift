import Layers

/// MobileNetV3: inverted residuals with searched sizes, squeeze-and-excitation and hard-swish.
struct MobileNetV3: BackboneNetwork {
  /// A bottleneck: the columns of the paper's tables 1 and 2.
  struct Bneck {
    /// Side of the depthwise window.
    let kernel: Int
    /// Channels between expansion and projection (exp size).
    let expandedChannels: Int
    /// Output channels (#out).
    let outputChannels: Int
    /// Whether there is squeeze-and-excitation (SE).
    let squeezes: Bool
    /// Nonlinearity (NL).
    let activation: Activation
    /// Stride.
    let stride: Int
    /// Whether torchvision's reduced tail halves the expansion.
    let halvesExpansion: Bool
    /// Whether torchvision's reduced tail halves the output.
    let halvesOutput: Bool

    init(
      k: Int, exp: Int, out: Int, SE: Bool, NL: Activation, s: Int, halves: Halved = .none
    ) {
      kernel = k
      expandedChannels = exp
      outputChannels = out
      squeezes = SE
      activation = NL
      stride = s
      halvesExpansion = halves == .both
      halvesOutput = halves != .none
    }
  }

  /// What the reduced tail halves in a row: it applies to the stage of stride 32, whose first
  /// expansion still belongs to the previous stage.
  enum Halved { case none, out, both }

  let name: String
  let bnecks: [Bneck]
  /// Channels of the layer between pooling and the logits.
  let hiddenChannels: Int
  let detectorCut: DetectorCut?

  var title: String { "\(name) of Howard et al. 2019, arXiv:1905.02244" }
  let columns = ["operator", "exp size", "#out", "SE", "NL", "s"]
  let hasReducedTail = true

  func appendFeatures(to builder: inout BackboneBuilder) {
    builder.row(["conv2d, 3x3", "-", "16", "-", "HS", "2"]) {
      $0.convolutionNormActivation(
        $0.nextBlock().path.module, channels: $0.channels(16), kernel: 3, stride: 2,
        activation: .hardSwish)
    }
    for row in bnecks {
      builder.row(cells(row)) { appendBlock(row, to: &$0) }
    }
    let last = bnecks[bnecks.count - 1]
    builder.row(["conv2d, 1x1", "-", "\(last.outputChannels * 6)", "-", "HS", "1"]) {
      $0.convolutionNormActivation(
        $0.nextBlock().path.module, channels: $0.x.shape.channels * 6, activation: .hardSwish)
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["pool", "-", "-", "-", "-", "1"]) { $0.globalAveragePool("avgpool") }
    builder.row(["conv2d 1x1, NBN", "-", "\(hiddenChannels)", "-", "HS", "1"]) {
      $0.linear(
        "classifier.0", channels: $0.channels(hiddenChannels), activation: .hardSwish)
      $0.tap("classifier.1")
      $0.tap("classifier.2")
    }
    builder.row(["conv2d 1x1, NBN", "-", "\(classes)", "-", "-", "1"]) {
      $0.linear("classifier.3", channels: classes)
      $0.tap("classifier")
    }
  }

  private func appendBlock(_ row: Bneck, to builder: inout BackboneBuilder) {
    let halves = builder.reducedTail
    let expanded = builder.channels(row.expandedChannels / (halves && row.halvesExpansion ? 2 : 1))
    // Only rows of the last stage are halved by a reduced tail.
    let dilates = builder.dilatesLastStage && row.halvesOutput
    builder.invertedResidual(
      InvertedResidual(
        arrangement: .mobileNetV3, expandedChannels: expanded,
        expands: expanded != builder.x.shape.channels,
        outputChannels: builder.channels(row.outputChannels / (halves && row.halvesOutput ? 2 : 1)),
        kernel: row.kernel, stride: dilates ? 1 : row.stride, dilation: dilates ? 2 : 1,
        squeezes: row.squeezes, activation: row.activation))
  }

  private func cells(_ row: Bneck) -> [String] {
    [
      "bneck, \(row.kernel)x\(row.kernel)", "\(row.expandedChannels)", "\(row.outputChannels)",
      row.squeezes ? "yes" : "-", row.activation == .hardSwish ? "HS" : "RE", "\(row.stride)",
    ]
  }
}

extension Activation {
  /// The paper's abbreviation for ReLU.
  static let RE = Activation.relu
  /// The paper's abbreviation for hard-swish.
  static let HS = Activation.hardSwish
}
