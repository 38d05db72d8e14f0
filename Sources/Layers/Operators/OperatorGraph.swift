/// A network as a list of operators on tensors, as a model file states an imported one.
///
/// Tensors have one image at a time: maps are `[1, channels, height, width]`, whatever the order in
/// which the engine keeps them. Nothing in it is trusted before `compile()` has accepted it.
public struct OperatorGraph: Codable, Hashable, Sendable {
  /// A tensor of the model file that operators read.
  public struct Constant: Codable, Hashable, Sendable {
    /// Name in the file.
    public var name: String
    /// Sides, slowest first.
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

  /// Name of the tensor that the image becomes: `[1, 3, height, width]`.
  public static let input = "input"

  /// Rows of the image.
  public var inputHeight: Int
  /// Columns of the image.
  public var inputWidth: Int
  /// Tensors of the model file beside the convolutions' weights.
  public var constants: [Constant]
  /// Operators, each after those whose results it reads.
  public var nodes: [OperatorNode]
  /// What the network computes.
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
  /// Name of its result; that of its weights, where it has any.
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
  /// Largest number of each window.
  case maxPool(Pooling)
  /// Mean of each window; border pixels that do not exist are not counted.
  case averagePool(Pooling)
  /// Mean of each channel.
  case globalAverage
  /// Zeros around a map.
  case pad(Border)
  /// A map at another size.
  case resize(Resampling)
  /// A function of each number.
  case function(ElementFunction)
  /// Sum, number by number; sides of 1 repeat.
  case add
  /// Difference, as for the sum.
  case subtract
  /// Product, as for the sum.
  case multiply
  /// Quotient, as for the sum.
  case divide
  /// Matrix product of the last two sides.
  case matrixProduct
  /// One tensor behind the other along a side.
  case concatenate(axis: Int)
  /// Softmax along a side.
  case softmax(axis: Int)
  /// Mean over some sides, which become 1.
  case mean(axes: [Int])
  /// The same numbers with other sides.
  case reshape([Int])
  /// Side `n` of the result is side `order[n]`.
  case transpose([Int])
  /// Some layers along a side.
  case slice(Slice)

  /// A convolution's numbers.
  public struct Convolution: Codable, Hashable, Sendable {
    /// Channels of the result.
    public var channels: Int
    /// Side of the square window.
    public var kernel: Int
    /// Step in pixels.
    public var stride: Int
    /// Distance of neighbouring pixels of the window.
    public var dilation: Int
    /// Blocks of channels that are convolved each by itself.
    public var groups: Int
    /// Zeros on every side.
    public var padding: BorderRule
    /// Applied to each number of the result.
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

  /// A pool's numbers.
  public struct Pooling: Codable, Hashable, Sendable {
    /// Side of the square window.
    public var kernel: Int
    /// Step in pixels.
    public var stride: Int
    /// Pixels on every side that do not exist.
    public var padding: BorderRule
    /// Whether a last window that only partly fits counts.
    public var roundsUp: Bool

    /// Creates a pool.
    public init(kernel: Int, stride: Int, padding: BorderRule, roundsUp: Bool = false) {
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.roundsUp = roundsUp
    }
  }

  /// The layers `start`, `start + step`, … of a side.
  public struct Slice: Codable, Hashable, Sendable {
    /// The side.
    public var axis: Int
    /// The first layer.
    public var start: Int
    /// How many.
    public var count: Int
    /// Distance of two layers.
    public var step: Int

    /// Creates a slice.
    public init(axis: Int, start: Int, count: Int, step: Int = 1) {
      self.axis = axis
      self.start = start
      self.count = count
      self.step = step
    }
  }

  /// Zeros around the input of a window.
  public enum BorderRule: Hashable, Sendable {
    /// This many on every side.
    case zeros(Int)
    /// TensorFlow's SAME: an odd one goes to the bottom and right.
    case same

    var padding: Padding {
      switch self {
      case .zeros(let count): .zeros(count)
      case .same: .same
      }
    }
  }
}
