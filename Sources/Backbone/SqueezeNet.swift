import Layers

/// SqueezeNet: Fire modules, which squeeze with 1x1 filters and expand with 1x1 and 3x3 ones.
struct SqueezeNet: BackboneNetwork {
  /// A layer of the table.
  enum Row {
    /// A convolution without padding, then ReLU.
    case convolution(channels: Int, kernel: Int, stride: Int)
    /// Max pooling, 3 x 3 with stride 2; a last window that only partly fits counts (Caffe's rule).
    case maxPool
    /// Filters of the squeeze layer, of the 1x1 and of the 3x3 expand layer.
    case fire(s1x1: Int, e1x1: Int, e3x3: Int)
  }

  /// Which Fire modules have a shortcut around them.
  enum Bypass {
    case none
    /// Those that keep the number of channels.
    case simple
    /// All; a 1x1 convolution changes the number of channels where that is needed.
    case complex
  }

  // swift-format-ignore
  /// Table 1 of Iandola et al. 2016, arXiv:1602.07360v4, for inputs of 224 x 224.
  static let version1_0 = SqueezeNet(
    title: "SqueezeNet 1.0, table 1 of Iandola et al. 2016, arXiv:1602.07360",
    table: [
      .convolution(channels: 96, kernel: 7, stride: 2),  // 224 x 224 x 3
      .maxPool,
      .fire(s1x1: 16, e1x1:  64, e3x3:  64),
      .fire(s1x1: 16, e1x1:  64, e3x3:  64),
      .fire(s1x1: 32, e1x1: 128, e3x3: 128),
      .maxPool,
      .fire(s1x1: 32, e1x1: 128, e3x3: 128),
      .fire(s1x1: 48, e1x1: 192, e3x3: 192),
      .fire(s1x1: 48, e1x1: 192, e3x3: 192),
      .fire(s1x1: 64, e1x1: 256, e3x3: 256),
      .maxPool,
      .fire(s1x1: 64, e1x1: 256, e3x3: 256),
    ])

  // swift-format-ignore
  /// The authors' second release, github.com/forresti/SqueezeNet, folder SqueezeNet_v1.1: a smaller
  /// first convolution, and pooling two Fire modules earlier.
  static let version1_1 = SqueezeNet(
    title: "SqueezeNet 1.1, github.com/forresti/SqueezeNet",
    table: [
      .convolution(channels: 64, kernel: 3, stride: 2),  // 224 x 224 x 3
      .maxPool,
      .fire(s1x1: 16, e1x1:  64, e3x3:  64),
      .fire(s1x1: 16, e1x1:  64, e3x3:  64),
      .maxPool,
      .fire(s1x1: 32, e1x1: 128, e3x3: 128),
      .fire(s1x1: 32, e1x1: 128, e3x3: 128),
      .maxPool,
      .fire(s1x1: 48, e1x1: 192, e3x3: 192),
      .fire(s1x1: 48, e1x1: 192, e3x3: 192),
      .fire(s1x1: 64, e1x1: 256, e3x3: 256),
      .fire(s1x1: 64, e1x1: 256, e3x3: 256),
    ])

  /// SqueezeNet 1.0 whose Fire modules 3, 5, 7 and 9, which keep the number of channels, add their
  /// input to their output (section 6, figure 2 in the middle).
  static let simpleBypass = SqueezeNet(
    title: "SqueezeNet 1.0 with simple bypass, section 6 of Iandola et al. 2016, arXiv:1602.07360",
    table: version1_0.table, bypass: .simple)

  /// The same with a 1x1 convolution around the other Fire modules (figure 2 on the right).
  static let complexBypass = SqueezeNet(
    title: "SqueezeNet 1.0 with complex bypass, section 6 of Iandola et al. 2016, arXiv:1602.07360",
    table: version1_0.table, bypass: .complex)

  let title: String
  let table: [Row]
  var bypass = Bypass.none
  let columns = ["operator", "s1x1", "e1x1", "e3x3", "s"]
  let detectorCut: DetectorCut? = nil
  let hasReducedTail = false
  let widths: [Double]? = [1]

  func appendFeatures(to builder: inout BackboneBuilder) {
    for row in table {
      switch row {
      case .convolution(let channels, let kernel, let stride):
        builder.row(["conv \(kernel)x\(kernel)", "-", "-", "\(channels)", "\(stride)"]) {
          appendStem(channels, kernel, stride, to: &$0)
        }
      case .maxPool:
        builder.row(["maxpool 3x3", "-", "-", "-", "2"]) {
          let path = $0.nextBlock().path.module
          $0.x = $0.graph.maxPool(
            $0.x, path, window: Window(kernel: 3, stride: 2, padding: .valid, roundsUp: true))
          $0.tap(path)
        }
      case .fire(let s1x1, let e1x1, let e3x3):
        builder.row(["fire", "\(s1x1)", "\(e1x1)", "\(e3x3)", "1"]) {
          let path = $0.nextBlock().path.module
          let input = $0.x
          $0.fire(path, s1x1: s1x1, e1x1: e1x1, e3x3: e3x3)
          $0.bypass(path, around: input, bypass)
          $0.tap(path)
        }
      }
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["conv 1x1", "-", "\(classes)", "-", "1"]) {
      $0.tap("classifier.0")
      $0.x = $0.graph.convolution(
        $0.x, "classifier.1", outputChannels: classes,
        window: Window(kernel: 1, padding: .zeros($0.classifierPadding)), activation: .relu)
      $0.tap("classifier.2")
    }
    builder.row(["avgpool", "-", "-", "-", "-"]) {
      $0.globalAveragePool("classifier.3")
      $0.tap("classifier")
    }
  }

  /// The activation is a separate operator, so that the convolution's own output, torchvision's
  /// `features.0`, can be compared.
  private func appendStem(
    _ channels: Int, _ kernel: Int, _ stride: Int, to builder: inout BackboneBuilder
  ) {
    let convolution = builder.nextBlock().path.module
    builder.x = builder.graph.convolution(
      builder.x, convolution, outputChannels: channels,
      window: Window(kernel: kernel, stride: stride, padding: .valid))
    builder.tap(convolution)
    let activation = builder.nextBlock().path.module
    builder.x = builder.graph.activation(builder.x, activation, .relu)
    builder.tap(activation)
  }
}

extension BackboneBuilder {
  /// Appends a Fire module, all of whose layers end in ReLU (paper's section 3.2).
  fileprivate mutating func fire(_ path: String, s1x1: Int, e1x1: Int, e3x3: Int) {
    linear("\(path).squeeze", channels: s1x1, activation: .relu)
    tap("\(path).squeeze_activation")
    let squeezed = x
    linear("\(path).expand1x1", channels: e1x1, activation: .relu)
    tap("\(path).expand1x1_activation")
    let narrow = x
    let wide = graph.convolution(
      squeezed, "\(path).expand3x3", outputChannels: e3x3, window: Window(kernel: 3),
      activation: .relu)
    graph.tap(wide, "\(path).expand3x3_activation")
    x = graph.concatenate([narrow, wide], "\(path).concatenate")
  }

  /// Adds a Fire module's input to its output; the sum has no activation.
  fileprivate mutating func bypass(_ path: String, around input: Value, _ bypass: SqueezeNet.Bypass)
  {
    let channels = x.shape.channels
    var shortcut = input
    switch bypass {
    case .none: return
    case .simple: guard input.shape.channels == channels else { return }
    case .complex:
      guard input.shape.channels != channels else { break }
      shortcut = graph.convolution(input, "\(path).bypass", outputChannels: channels)
    }
    x = graph.add(x, shortcut, "\(path).add")
  }
}
