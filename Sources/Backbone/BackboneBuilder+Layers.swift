package import Layers

extension BackboneBuilder {
  /// Appends a convolution, its batch norm and its activation: torchvision's
  /// `Conv2dNormActivation`.
  ///
  /// The module is `path`; its parts are `path.0` (convolution), `path.1` (batch norm) and, if
  /// there is an activation, `path.2`.
  package mutating func convolutionNormActivation(
    _ path: String, channels: Int, kernel: Int = 1, stride: Int = 1, activation: Activation
  ) {
    x = graph.convolution(
      x, "\(path).0", outputChannels: channels, window: window(kernel, stride),
      activation: activation)
    endNormActivation(path, activation)
  }

  /// Appends a depthwise convolution, its batch norm and its activation; names as above.
  package mutating func depthwiseNormActivation(
    _ path: String, kernel: Int = 3, stride: Int = 1, dilation: Int = 1, activation: Activation
  ) {
    var window = window(kernel, stride)
    window.dilation = dilation
    x = graph.depthwise(x, "\(path).0", window: window, activation: activation)
    endNormActivation(path, activation)
  }

  /// Appends a linear pointwise convolution at `path` whose batch norm is at `batchNorm`.
  mutating func linearPointwise(_ path: String, batchNorm: String, channels: Int) {
    x = graph.convolution(x, path, outputChannels: channels)
    countBatchNorm(channels)
    tap(batchNorm)
  }

  /// Appends a layer with a bias and no batch norm: a linear layer, or a 1x1 convolution.
  package mutating func linear(_ path: String, channels: Int, activation: Activation = .none) {
    x = graph.convolution(x, path, outputChannels: channels, activation: activation)
    if activation == .none { tap(path) }
  }

  /// Appends the mean of each channel.
  mutating func globalAveragePool(_ name: String) {
    x = graph.globalAveragePool(x, name)
    tap(name)
  }

  /// Appends squeeze-and-excitation with MobileNetV3's nonlinearities.
  ///
  /// Hu et al. 2018, arXiv:1709.01507. As in torchvision, the squeezed channels are a quarter of
  /// the channels, rounded to a multiple of 8.
  mutating func squeezeExcite(_ path: String) {
    let input = x
    let channels = x.shape.channels
    globalAveragePool("\(path).avgpool")
    linear(
      "\(path).fc1", channels: roundedChannels(Double(channels / 4), to: 8), activation: .relu)
    tap("\(path).activation")
    linear("\(path).fc2", channels: channels, activation: .hardSigmoid)
    tap("\(path).scale_activation")
    x = graph.scale(input, by: x, "\(path).scale")
    tap(path)
  }

  /// Appends the maximum of each window.
  mutating func maxPool(_ name: String, kernel: Int, stride: Int) {
    x = graph.maxPool(x, name, window: window(kernel, stride))
    tap(name)
  }

  /// A window with the network's padding.
  package func window(_ kernel: Int, _ stride: Int) -> Window {
    Window(kernel: kernel, stride: stride, padding: padding)
  }

  private mutating func endNormActivation(_ path: String, _ activation: Activation) {
    countBatchNorm(x.shape.channels)
    tap(path)
    tap(activation == .none ? "\(path).1" : "\(path).2")
  }
}
