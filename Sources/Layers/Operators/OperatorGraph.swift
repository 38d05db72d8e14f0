/// A network as a list of operators on tensors, which is how a model file describes an imported
/// one.
///
/// Tensors hold one image at a time: maps are `[1, channels, height, width]`, whatever layout the
/// engine uses for them. The contents are not valid until `compile()` has accepted them.
public struct OperatorGraph: Codable, Hashable, Sendable {
  /// A tensor of the model file that operators read.
  public struct Constant: Codable, Hashable, Sendable {
    /// Name in the file.
    public var name: String
    /// Dimensions, slowest first.
    public var shape: [Int]

    /// Creates a constant.
    public init(name: String, shape: [Int]) {
      self.name = name
      self.shape = shape
    }
  }

  /// A named result.
  public struct Output: Codable, Hashable, Sendable {
    /// The name that callers use.
    public var name: String
    /// The operator that computes it.
    public var value: String

    /// Creates an output.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Name of the image's tensor: `[1, 3, height, width]`.
  public static let input = "input"

  /// Rows of the image.
  public var inputHeight: Int
  /// Columns of the image.
  public var inputWidth: Int
  /// Tensors of the model file other than the convolutions' weights.
  public var constants: [Constant]
  /// Operators, each after those that it reads from.
  public var nodes: [OperatorNode]
  /// The network's results.
  public var outputs: [Output]

  /// Creates a network.
  public init(
    inputHeight: Int, inputWidth: Int, constants: [Constant], nodes: [OperatorNode],
    outputs: [Output]
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.constants = constants
    self.nodes = nodes
    self.outputs = outputs
  }
}

/// One operator of a network, and the tensors that it reads.
public struct OperatorNode: Hashable, Sendable {
  /// Name of its result, and of its weights if it has any.
  public var name: String
  /// What it computes.
  public var operation: Operator
  /// Names of other operators, of constants, or of the image.
  public var inputs: [String]

  /// Creates an operator.
  public init(_ name: String, _ operation: Operator, _ inputs: [String]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
  }
}

/// What an operator computes.
public enum Operator: Hashable, Sendable {
  /// Weights `NAME.weight` `[channels, in / groups, kernel, kernel]`, `NAME.bias` `[channels]`.
  case convolution(Convolution)
  /// Maximum of each window.
  case maxPool(Pooling)
  /// Mean of each window; border pixels that do not exist are not counted.
  case averagePool(Pooling)
  /// Mean of each channel.
  case globalAverage
  /// Zeros around a map.
  case pad(Border)
  /// A map at another size.
  case resize(Resampling)
  /// An elementwise function.
  case function(ElementFunction)
  /// Elementwise sum, with broadcasting.
  case add
  /// Elementwise difference, with broadcasting.
  case subtract
  /// Elementwise product, with broadcasting.
  case multiply
  /// Elementwise quotient, with broadcasting.
  case divide
  /// Matrix product over the last two axes.
  case matrixProduct
  /// Tensors one after the other along an axis.
  case concatenate(axis: Int)
  /// Softmax along an axis.
  case softmax(axis: Int)
  /// Mean over some axes, which keep a length of 1.
  case mean(axes: [Int])
  /// The same elements in another shape.
  case reshape([Int])
  /// Axis `n` of the result is axis `order[n]` of the input.
  case transpose([Int])
  /// Some positions along an axis.
  case slice(Slice)

  /// A convolution's parameters.
  public struct Convolution: Codable, Hashable, Sendable {
    /// Channels of the result.
    public var channels: Int
    /// Side of the square window.
    public var kernel: Int
    /// Step in pixels.
    public var stride: Int
    /// Distance between neighbouring pixels of the window.
    public var dilation: Int
    /// Number of independent blocks of channels.
    public var groups: Int
    /// Zero padding.
    public var padding: BorderRule
    /// Applied to each element of the result.
    public var activation: Activation

    /// Creates a convolution.
    public init(
      channels: Int, kernel: Int, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
      padding: BorderRule = .zeros(0), activation: Activation = .none
    ) {
      self.channels = channels
      self.kernel = kernel
      self.stride = stride
      self.dilation = dilation
      self.groups = groups
      self.padding = padding
      self.activation = activation
    }
  }

  /// A pool's parameters.
  public struct Pooling: Codable, Hashable, Sendable {
    /// Side of the square window.
    public var kernel: Int
    /// Step in pixels.
    public var stride: Int
    /// Padding, whose pixels do not count.
    public var padding: BorderRule
    /// Whether to count a last window that only partly fits.
    public var roundsUp: Bool

    /// Creates a pool.
    public init(kernel: Int, stride: Int, padding: BorderRule, roundsUp: Bool = false) {
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.roundsUp = roundsUp
    }
  }

  /// The positions `start`, `start + step`, … along an axis.
  public struct Slice: Codable, Hashable, Sendable {
    /// The axis.
    public var axis: Int
    /// The first position.
    public var start: Int
    /// Number of positions.
    public var count: Int
    /// Distance between two positions.
    public var step: Int

    /// Creates a slice.
    public init(axis: Int, start: Int, count: Int, step: Int = 1) {
      self.axis = axis
      self.start = start
      self.count = count
      self.step = step
    }
  }

  /// Zero padding of a window's input.
  public enum BorderRule: Hashable, Sendable {
    /// This many on every side.
    case zeros(Int)
    /// TensorFlow's SAME: with an odd number of zeros, the bottom and right get one more.
    case same

    var padding: Padding {
      switch self {
      case .zeros(let count): .zeros(count)
      case .same: .same
      }
    }
  }
}
