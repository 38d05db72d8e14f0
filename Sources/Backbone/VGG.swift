import Layers

/// VGG-16: thirteen plain 3x3 convolutions, and three linear layers; or SSD300's layers after them.
///
/// Simonyan and Zisserman 2014, arXiv:1409.1556v6. The detector is that of Liu et al. 2016,
/// arXiv:1512.02325v5, as torchvision builds it (`ssd300_vgg16`), with its names.
struct VGG: BackboneNetwork {
  // swift-format-ignore
  /// Table 1, configuration D: channels of the convolutions between the poolings.
  static let stages = [
    [ 64,  64],
    [128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [512, 512, 512],
  ]
  /// Channels of the two hidden linear layers.
  static let hidden = 4096
  /// SSD300's two layers after the fifth stage, which replace the linear ones.
  static let (dilated, pointwise) = (1024, 1024)

  // swift-format-ignore
  /// SSD300's extra layers (Liu et al. 2016, figure 2): channels of a 1x1 convolution and of the
  /// 3x3 one after it, the stride of that, and whether it is padded.
  static let extras = [
    (squeeze: 256, expand: 512, stride: 2, isPadded: true),
    (squeeze: 128, expand: 256, stride: 2, isPadded: true),
    (squeeze: 128, expand: 256, stride: 1, isPadded: false),
    (squeeze: 128, expand: 256, stride: 1, isPadded: false),
  ]

  let title = "VGG-16, table 1 of Simonyan and Zisserman 2014, arXiv:1409.1556"
  let columns = ["operator", "#out", "n", "s"]
  /// The fourth stage, the dilated layers and the four extra ones.
  let detectorCut: DetectorCut? = .own(maps: 2 + extras.count)
  let hasReducedTail = false
  let hasScaledReleases = false
  /// The linear layers need a last map of 7 x 7.
  let classifierSides: ClosedRange<Int>? = 224...224
  /// Where the last two extra layers, which aren't padded, still fit.
  let detectorSides: ClosedRange<Int> = 268...SpecificationLimits.sides.upperBound

  func appendFeatures(to builder: inout BackboneBuilder) {
    var index = 0
    for stage in Self.stages {
      appendStage(stage, "features", &index, to: &builder)
      appendPool("features", &index, roundsUp: false, to: &builder)
    }
  }

  func appendClassifier(to builder: inout BackboneBuilder, classes: Int) {
    for (index, kernel) in [(0, 7), (3, 1)] {
      builder.row(["fc", "\(Self.hidden)", "1", "1"]) {
        $0.x = $0.graph.convolution(
          $0.x, "classifier.\(index)", outputChannels: $0.channels(Self.hidden),
          window: Window(kernel: kernel, padding: .valid), activation: .relu)
        $0.tap("classifier.\(index + 1)")
      }
    }
    builder.row(["fc", "\(classes)", "1", "1"]) { $0.linear("classifier.6", channels: classes) }
  }

  func appendDetectorMaps(to builder: inout BackboneBuilder) -> [Value] {
    var maps: [Value] = []
    var index = 0
    for (stage, channels) in Self.stages.enumerated() {
      if stage == Self.stages.count - 1 {
        // torchvision numbers anew after the first map, and the pooling before is the first layer.
        builder.row(["scale", "-", "1", "1"]) { maps.append($0.scaledToLength("scale_weight")) }
        index = 0
        appendPool("extra.0", &index, roundsUp: false, to: &builder)
        appendStage(channels, "extra.0", &index, to: &builder)
      } else {
        appendStage(channels, "features", &index, to: &builder)
        // The third pooling counts a window that only partly fits.
        if stage < 3 { appendPool("features", &index, roundsUp: stage == 2, to: &builder) }
      }
    }
    builder.row(["maxpool 3x3", "-", "1", "1"]) {
      $0.maxPool($0.module("extra.0.\(index).0"), kernel: 3, stride: 1)
    }
    builder.row(["dilated 3x3", "\(Self.dilated)", "1", "1"]) {
      $0.plain(
        "extra.0.\(index).1", Self.dilated,
        Window(kernel: 3, padding: $0.padding, dilation: 6))
    }
    builder.row(["conv 1x1", "\(Self.pointwise)", "1", "1"]) {
      $0.plain("extra.0.\(index).3", Self.pointwise, Window(kernel: 1))
      $0.endModule("extra.0")
    }
    maps.append(builder.x)
    for (number, extra) in Self.extras.enumerated() {
      let name = "extra.\(number + 1)"
      builder.row(["extra 3x3", "\(extra.expand)", "1", "\(extra.stride)"]) {
        $0.plain("\(name).0", extra.squeeze, Window(kernel: 1))
        $0.plain(
          "\(name).2", extra.expand,
          Window(
            kernel: 3, stride: extra.stride, padding: extra.isPadded ? $0.padding : .valid))
        $0.endModule(name)
      }
      maps.append(builder.x)
    }
    return maps
  }

  /// Convolutions that are each followed by a ReLU, which counts as a layer.
  private func appendStage(
    _ channels: [Int], _ list: String, _ index: inout Int, to builder: inout BackboneBuilder
  ) {
    let first = index
    builder.row(["conv 3x3", "\(channels[0])", "\(channels.count)", "1"]) {
      for (number, count) in channels.enumerated() {
        let place = first + 2 * number
        $0.plain("\(list).\(place)", count, $0.window(3, 1))
        $0.tap($0.module("\(list).\(place + 1)"))
      }
    }
    index += 2 * channels.count
  }

  private func appendPool(
    _ list: String, _ index: inout Int, roundsUp: Bool, to builder: inout BackboneBuilder
  ) {
    let place = index
    builder.row(["maxpool 2x2", "-", "1", "2"]) {
      let padding = $0.padding == .same ? Padding.same : .valid
      let name = $0.module("\(list).\(place)")
      $0.x = $0.graph.maxPool(
        $0.x, name, window: Window(kernel: 2, stride: 2, padding: padding, roundsUp: roundsUp))
      $0.tap(name)
    }
    index += 1
  }
}

extension BackboneBuilder {
  /// A convolution with a bias, and ReLU.
  fileprivate mutating func plain(_ name: String, _ channels: Int, _ window: Window) {
    x = graph.convolution(
      x, module(name), outputChannels: self.channels(channels), window: window, activation: .relu)
  }

  /// The map with each pixel's channels scaled to a length of 1, times a weight for each channel.
  ///
  /// Liu et al. 2016, section 3.1. `x` stays as it is.
  fileprivate mutating func scaledToLength(_ name: String) -> Value {
    let path = module(name)
    let unit = graph.normalize(x, "\(path).normalize")
    let scaled = graph.depthwise(unit, path, window: Window(kernel: 1))
    leaveOutBiases(scaled.shape.channels)
    graph.tap(scaled, path)
    return scaled
  }
}
