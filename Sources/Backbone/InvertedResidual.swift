import Layers

/// The block of MobileNetV2 and V3: expand with a 1x1 convolution, filter each channel, project
/// with a linear 1x1 convolution, and add the input if the shapes allow it.
struct InvertedResidual {
  /// How torchvision arranges the layers of the block.
  enum Arrangement: String {
    /// Layers in `conv`; the projection and its batch norm are two items of the list.
    case mobileNetV2 = "conv"
    /// Layers in `block`; the projection and its batch norm are one item.
    case mobileNetV3 = "block"
  }

  let arrangement: Arrangement
  /// Channels between expansion and projection.
  let expandedChannels: Int
  /// Whether there is an expansion.
  let expands: Bool
  let outputChannels: Int
  /// Side of the depthwise window.
  var kernel = 3
  let stride: Int
  /// Distance between neighbouring pixels of the depthwise window.
  var dilation = 1
  /// Whether squeeze-and-excitation follows the depthwise layer.
  var squeezes = false
  let activation: Activation
}

extension BackboneBuilder {
  /// Appends one block.
  mutating func invertedResidual(_ block: InvertedResidual) {
    let (index, path) = nextBlock(inner: block.arrangement.rawValue)
    let shortcut = x
    var layer = 0
    if block.expands {
      convolutionNormActivation(
        path.expansion, channels: block.expandedChannels, activation: block.activation)
      noteCut(afterExpansionOfBlock: index)
      layer += 1
    }
    depthwiseNormActivation(
      "\(path.list).\(layer)", kernel: block.kernel, stride: block.stride,
      dilation: block.dilation, activation: block.activation)
    layer += 1
    if block.squeezes {
      squeezeExcite("\(path.list).\(layer)")
      layer += 1
    }
    switch block.arrangement {
    case .mobileNetV2:
      linearPointwise(
        "\(path.list).\(layer)", batchNorm: "\(path.list).\(layer + 1)",
        channels: block.outputChannels)
    case .mobileNetV3:
      convolutionNormActivation(
        "\(path.list).\(layer)", channels: block.outputChannels, activation: .none)
    }
    tap(path.list)
    // There is a shortcut only if the block keeps the shape.
    if block.stride == 1 && shortcut.shape.channels == block.outputChannels {
      x = graph.add(x, shortcut, "\(path.module).add")
    }
    tap(path.module)
  }
}
