import Layers

/// ShuffleNet: residual units whose 1x1 convolutions are in groups, with a channel shuffle between
/// the groups of one and those of the next.
///
/// Zhang et al. 2017, arXiv:1707.01083v2. Details that the paper leaves open are those of the
/// authors' release (github.com/megvii-model/ShuffleNet-Series, ShuffleNetV1), and so are the names
/// of the modules:
/// - The shuffle comes after the depthwise layer, which is the paper's network with the filters of
///   that layer in another order. Channel `n * groups + g` becomes channel `g * size + n`, where
///   `size` is the channels of a group.
/// - The stem keeps 24 channels at 1.5 times the width.
/// - The average pooling of a shortcut counts the zeros of its padding.
/// - The classifier has no bias.
struct ShuffleNetV1: BackboneNetwork {
  // swift-format-ignore
  /// Table 1: the output channels of stage 2, by the number of groups; each following stage has
  /// twice as many.
  static let table: [Int: Int] = [1: 144, 2: 200, 3: 240, 4: 272, 8: 384]
  /// Table 1: units of each stage, the first of which has stride 2.
  static let units = [4, 8, 4]
  /// Channels of the first convolution, by width.
  static let stems: [Double: Int] = [0.5: 12, 1: 24, 1.5: 24, 2: 48]

  let groups: Int
  let columns = ["operator", "#out", "n", "s"]
  /// The last map of stride 16.
  let detectorCut: DetectorCut? = .afterModule("features.11")
  let hasReducedTail = false
  var widths: [Double]? { Self.stems.keys.sorted() }
  var title: String {
    "ShuffleNet with \(groups) \(groups == 1 ? "group" : "groups"), table 1 of Zhang et al. 2017, "
      + "arXiv:1707.01083"
  }

  func appendFeatures(to builder: inout BackboneBuilder) {
    let width = builder.widthMultiplier
    guard let first = Self.table[groups], let stem = Self.stems[width] else {
      preconditionFailure("\(groups) groups at width \(width) are not in the table")
    }
    // Eight groups need a stem of 16 channels at half the width: the unit after it adds channels to
    // those of the stem, and their number has to be a multiple of 8.
    let stemChannels = groups == 8 && width == 0.5 ? 16 : stem
    builder.row(["conv 3x3", "\(stemChannels)", "1", "2"]) {
      $0.convolutionNormActivation(
        $0.module("first_conv"), channels: stemChannels, kernel: 3, stride: 2, activation: .relu)
    }
    builder.row(["maxpool 3x3", "-", "1", "2"]) {
      $0.maxPool($0.module("maxpool"), kernel: 3, stride: 2)
    }
    var index = 0
    for (stage, units) in Self.units.enumerated() {
      let channels = Int(Double(first << stage) * width)
      for (stride, count) in [(2, 1), (1, units - 1)] {
        builder.row(["unit", "\(channels)", "\(count)", "\(stride)"]) {
          for _ in 0..<count {
            // The input of the very first unit has too few channels for groups (section 3.2).
            $0.shuffleUnit(
              "features.\(index)", channels: channels, stride: stride, groups: groups,
              firstGroups: index == 0 ? 1 : groups)
            index += 1
          }
        }
      }
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["avgpool", "-", "1", "-"]) { $0.globalAveragePool("globalpool") }
    builder.row(["fc", "\(classes)", "1", "1"]) {
      $0.linear("classifier.0", channels: classes)
      $0.leaveOutBiases(classes)
    }
  }
}

extension BackboneBuilder {
  /// Appends a unit (figures 2b and 2c): the sum with its input, or at stride 2 the channels of its
  /// pooled input followed by its own.
  fileprivate mutating func shuffleUnit(
    _ name: String, channels: Int, stride: Int, groups: Int, firstGroups: Int
  ) {
    let path = module(name)
    let input = x
    // A quarter of the output (section 3.2), rounded up where the groups don't divide it.
    let bottleneck = (channels / 4 + groups - 1) / groups * groups
    pointwise("\(path).branch_main_1.0", bottleneck, groups: firstGroups, activation: .relu)
    x = graph.depthwise(x, "\(path).branch_main_1.3", window: window(3, stride))
    countBatchNorm(bottleneck)
    if groups > 1 {
      let size = bottleneck / groups
      x = graph.gather(
        [x], "\(path).shuffle",
        order: (0..<bottleneck).map { $0 % size * groups + $0 / size })
    }
    if stride == 1 {
      pointwise("\(path).branch_main_2.0", channels, groups: groups)
      x = graph.add(x, input, "\(path).add")
      x = graph.activation(x, "\(path).relu", .relu)
    } else {
      pointwise(
        "\(path).branch_main_2.0", channels - input.shape.channels, groups: groups,
        activation: .relu)
      let pooled = shortcutPool(input, "\(path).branch_proj")
      x = graph.concatenate([pooled, x], "\(path).concatenate")
    }
    endModule(name)
  }

  /// A 1x1 convolution in groups, with batch norm.
  private mutating func pointwise(
    _ path: String, _ channels: Int, groups: Int, activation: Activation = .none
  ) {
    x =
      groups == 1
      ? graph.convolution(x, path, outputChannels: channels, activation: activation)
      : graph.grouped(
        x, path, outputChannels: channels, groups: groups, window: Window(kernel: 1),
        activation: activation)
    countBatchNorm(channels)
  }

  /// The mean of 3 x 3 pixels at stride 2.
  ///
  /// With even padding its zeros count, as in PyTorch; with SAME they don't, as in TensorFlow.
  private mutating func shortcutPool(_ input: Value, _ path: String) -> Value {
    guard padding == .even else {
      return graph.averagePool(input, path, window: window(3, 2))
    }
    let framed = graph.pad(
      input, "\(path).pad", Border(top: 1, left: 1, bottom: 1, right: 1))
    return graph.averagePool(framed, path, window: Window(kernel: 3, stride: 2, padding: .valid))
  }
}
