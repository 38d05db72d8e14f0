/// A feature map in a graph: its index and its shape.
public struct Value: Hashable, Sendable {
  /// Index among the graph's values.
  public let index: Int
  /// Size of the map.
  public let shape: Shape
}

/// What a node computes.
public enum Operation: Hashable, Sendable {
  /// A full convolution (a pointwise one where the window is 1x1); a linear layer on a 1x1 map.
  ///
  /// Weights `NAME.weight` `[out, in, kernel, kernel]` (or `[out, in]`), `NAME.bias` `[out]`.
  case convolution(Window, Activation)
  /// One filter per channel. Weights `NAME.weight` `[channels, 1, kernel, kernel]`, `NAME.bias`.
  case depthwise(Window, Activation)
  /// Sum of two maps of the same shape.
  case add
  /// Mean of every channel: a 1x1 map.
  case globalAveragePool
  /// Maximum of each window.
  case maxPool(Window)
  /// Mean of each window; border pixels that do not exist are not counted.
  case averagePool(Window)
  /// First input times the second, a 1x1 map with one factor per channel.
  case scale
  /// Channels of all inputs, one after the other.
  case concatenate
  /// Channels of all inputs, numbered one after the other, in this order; some may be left out, as
  /// in a split or a channel shuffle.
  case gather([Int])
  /// An activation by itself.
  case activation(Activation)
  /// Rounds to fewer bits; used only in graphs that simulate lower precision.
  case fakeQuantize(Rounding)
  /// A convolution in which each of `groups` blocks of output channels reads only its block of
  /// input channels. Weights `NAME.weight` `[out, in / groups, kernel, kernel]`, `NAME.bias`
  /// `[out]`.
  case grouped(Window, groups: Int, Activation)
  /// Elementwise product of two maps of the same shape.
  case multiply
  /// An elementwise function other than an activation.
  case function(ElementFunction)
  /// The map at another size, from the nearest pixels or by interpolation.
  case resize(Resampling)
  /// Zeros around a map.
  case pad(Border)
  /// Each pixel's channels divided by their Euclidean length, but at least by 1e-12.
  case normalize
}

/// One operator of a network.
public struct Node: Hashable, Sendable {
  /// Unique name, which is also that of its weights if it has any; as torchvision names the module.
  public let name: String
  /// What the node computes.
  public let operation: Operation
  /// Maps that it reads, in order.
  public let inputs: [Value]
  /// Map that it writes.
  public let output: Value

  /// Number of weights and biases, batch norm folded in.
  public var parameters: Int {
    switch operation {
    case .convolution(let window, _):
      output.shape.channels * (inputs[0].shape.channels * window.kernel * window.kernel + 1)
    case .depthwise(let window, _):
      output.shape.channels * (window.kernel * window.kernel + 1)
    case .grouped(let window, let groups, _):
      output.shape.channels
        * (inputs[0].shape.channels / groups * window.kernel * window.kernel + 1)
    default: 0
    }
  }

  /// Multiply-adds, counted for convolutions and linear layers only.
  public var multiplyAdds: Int {
    switch operation {
    case .convolution(let window, _):
      output.shape.count * inputs[0].shape.channels * window.kernel * window.kernel
    case .depthwise(let window, _):
      output.shape.count * window.kernel * window.kernel
    case .grouped(let window, let groups, _):
      output.shape.count * (inputs[0].shape.channels / groups) * window.kernel * window.kernel
    default: 0
    }
  }

  /// Shape of `NAME.weight` in PyTorch's order, or `nil` if the node has no weights.
  public var weightShape: [Int]? {
    switch operation {
    case .convolution(let window, _):
      [output.shape.channels, inputs[0].shape.channels, window.kernel, window.kernel]
    case .depthwise(let window, _):
      [output.shape.channels, 1, window.kernel, window.kernel]
    case .grouped(let window, let groups, _):
      [
        output.shape.channels, inputs[0].shape.channels / groups, window.kernel, window.kernel,
      ]
    default: nil
    }
  }
}

/// A named result of a network: maps whose rows are written one after the other.
///
/// A map of shape `[height, width, rows per pixel * columns]` gives `height * width * rows per
/// pixel` rows in the order y, x, row, which is how an SSD head lays out its priors.
public struct GraphOutput: Hashable, Sendable {
  /// Name, as in the reference implementation (`output`, `cls_logits`, `bbox_regression`).
  public let name: String
  /// Maps in the order of their rows.
  public let values: [Value]
  /// Elements per row.
  public let columns: Int

  /// Number of rows of all maps.
  public var rows: Int { values.reduce(0) { $0 + $1.shape.count } / columns }
}

/// A network as a list of operators in execution order.
public struct Graph: Hashable, Sendable {
  /// The map that the caller fills: three channels of an image.
  public internal(set) var input: Value
  /// Every operator, each after the ones that it reads from.
  public internal(set) var nodes: [Node]
  /// Named results.
  public internal(set) var outputs: [GraphOutput]
  /// Named feature maps, called after the reference implementation's modules.
  public internal(set) var taps: [String: Value]

  /// Number of weights and biases, batch norm folded in.
  public var parameters: Int { nodes.reduce(0) { $0 + $1.parameters } }
  /// Multiply-adds of the convolutions and linear layers for one image.
  public var multiplyAdds: Int { nodes.reduce(0) { $0 + $1.multiplyAdds } }
}
