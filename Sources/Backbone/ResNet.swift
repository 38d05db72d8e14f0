import Layers

/// ResNet: residual blocks of plain convolutions.
///
/// He et al. 2015, arXiv:1512.03385v1. As in torchvision, the 3x3 convolution of a bottleneck has
/// the stride; in the paper it is the first 1x1 one.
struct ResNet: BackboneNetwork {
  /// What a block consists of.
  enum Block {
    /// Two 3x3 convolutions.
    case basic
    /// 1x1, 3x3 and 1x1 convolutions, the last with four times the channels.
    case bottleneck

    /// Channels of its output, for one of its 3x3 convolution.
    var expansion: Int {
      switch self {
      case .basic: 1
      case .bottleneck: 4
      }
    }
  }

  // swift-format-ignore
  /// Table 1: the blocks of stages conv2_x to conv5_x, by the number of layers.
  static let table: [Int: (block: Block, stages: [Int])] = [
     18: (.basic,      [2, 2,  2, 2]),
     34: (.basic,      [3, 4,  6, 3]),
     50: (.bottleneck, [3, 4,  6, 3]),
    101: (.bottleneck, [3, 4, 23, 3]),
    152: (.bottleneck, [3, 8, 36, 3]),
  ]
  /// Table 1: channels of the first convolution, and of the 3x3 ones of each stage.
  static let (stem, channels) = (64, [64, 128, 256, 512])

  let layers: Int
  let columns = ["operator", "#out", "n", "s"]
  /// The last map of stride 16.
  let detectorCut: DetectorCut? = .afterModule("layer3")
  let hasReducedTail = false
  let hasScaledReleases = false
  var title: String { "ResNet-\(layers), table 1 of He et al. 2015, arXiv:1512.03385" }

  func appendFeatures(to builder: inout BackboneBuilder) {
    guard let (block, stages) = Self.table[layers] else {
      preconditionFailure("there is no ResNet of \(layers) layers")
    }
    builder.row(["conv 7x7", "\(Self.stem)", "1", "2"]) {
      $0.normalized("conv1", $0.channels(Self.stem), kernel: 7, stride: 2, activation: .relu)
      $0.endModule("relu")
    }
    builder.row(["maxpool 3x3", "-", "1", "2"]) {
      $0.maxPool($0.module("maxpool"), kernel: 3, stride: 2)
    }
    for (index, count) in stages.enumerated() {
      let (name, stride) = ("layer\(index + 1)", index == 0 ? 1 : 2)
      let channels = Self.channels[index]
      builder.row(["\(block)", "\(channels * block.expansion)", "\(count)", "\(stride)"]) {
        for number in 0..<count {
          $0.residual(
            "\(name).\(number)", block, channels: $0.channels(channels),
            stride: number == 0 ? stride : 1)
        }
        $0.endModule(name)
      }
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    builder.row(["avgpool", "-", "1", "-"]) { $0.globalAveragePool("avgpool") }
    builder.row(["fc", "\(classes)", "1", "1"]) { $0.linear("fc", channels: classes) }
  }
}

extension BackboneBuilder {
  /// Appends a block; its shortcut is a 1x1 convolution if the shape changes.
  fileprivate mutating func residual(
    _ name: String, _ block: ResNet.Block, channels: Int, stride: Int
  ) {
    let input = x
    switch block {
    case .basic:
      normalized("\(name).conv1", channels, kernel: 3, stride: stride, activation: .relu)
      normalized("\(name).conv2", channels, kernel: 3)
    case .bottleneck:
      normalized("\(name).conv1", channels, activation: .relu)
      normalized("\(name).conv2", channels, kernel: 3, stride: stride, activation: .relu)
      normalized("\(name).conv3", channels * block.expansion)
    }
    let sum = x
    x = input
    if input.shape != sum.shape {
      normalized("\(name).downsample.0", sum.shape.channels, stride: stride)
    }
    x = graph.add(sum, x, "\(module(name)).add")
    x = graph.activation(x, "\(module(name)).relu", .relu)
    endModule(name)
  }

  /// A convolution with batch norm.
  fileprivate mutating func normalized(
    _ name: String, _ channels: Int, kernel: Int = 1, stride: Int = 1,
    activation: Activation = .none
  ) {
    x = graph.convolution(
      x, module(name), outputChannels: channels, window: window(kernel, stride),
      activation: activation)
    countBatchNorm(channels)
  }
}
