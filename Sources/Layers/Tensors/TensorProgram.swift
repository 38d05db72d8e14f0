/// The computations that follow a graph: they read its outputs, as dense tensors of any rank.
///
/// Made by `OperatorGraph.compile()`.
public struct TensorProgram: Hashable, Sendable {
  /// Where the contents of a buffer come from.
  enum Source: Hashable, Sendable {
    /// The rows of one of the graph's outputs.
    case map(String)
    /// A tensor of the model file.
    case constant(String, shape: [Int])
    /// The result of a step.
    case scratch
  }

  /// A contiguous block of numbers.
  struct Buffer: Hashable, Sendable {
    var source: Source
    var count: Int
  }

  var buffers: [Buffer] = []
  var steps: [TensorStep] = []
  var outputs: [(name: String, view: TensorView)] {
    zip(outputNames, outputViews).map { ($0, $1) }
  }
  var outputNames: [String] = []
  var outputViews: [TensorView] = []

  /// Shape of each output, by its name.
  public var outputShapes: [String: [Int]] {
    Dictionary(outputs.map { ($0.name, $0.view.shape) }) { first, _ in first }
  }

  /// A program that computes nothing.
  public init() {}
}
