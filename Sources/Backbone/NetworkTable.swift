public import Layers

/// A network's table as its paper prints it, with the shapes and costs of one specification.
public struct NetworkTable: Hashable, Sendable {
  /// One line of the table.
  public struct Row: Hashable, Sendable {
    /// The contents of the paper's columns.
    public let cells: [String]
    /// Size of the input map.
    public let input: Shape
    /// Size of the output map.
    public let output: Shape
    /// Weights and biases with batch norm folded in.
    public let parameters: Int
    /// Channels that go through a batch norm in training, less those whose layer has neither a
    /// batch norm nor a bias in the reference implementation.
    public let batchNormChannels: Int
    /// Multiply-adds of the convolutions and linear layers for one image.
    public let multiplyAdds: Int

    /// Creates a line.
    package init(
      cells: [String], input: Shape, output: Shape, parameters: Int, batchNormChannels: Int,
      multiplyAdds: Int
    ) {
      self.cells = cells
      self.input = input
      self.output = output
      self.parameters = parameters
      self.batchNormChannels = batchNormChannels
      self.multiplyAdds = multiplyAdds
    }

    /// Weights and biases as the papers and PyTorch count them.
    ///
    /// A batch norm has two learned parameters per channel; folding leaves one of them.
    public var trainableParameters: Int { parameters + batchNormChannels }
  }

  /// Name and source of the table.
  public let title: String
  /// Names of the paper's columns.
  public let columns: [String]
  /// The lines in execution order.
  public let rows: [Row]

  /// Creates a table of rows with `columns.count` cells each.
  package init(title: String, columns: [String], rows: [Row]) {
    self.title = title
    self.columns = columns
    self.rows = rows
  }

  /// Weights and biases with batch norm folded in, as in the model file.
  public var parameters: Int { rows.reduce(0) { $0 + $1.parameters } }
  /// Weights and biases as the papers and PyTorch count them.
  public var trainableParameters: Int { rows.reduce(0) { $0 + $1.trainableParameters } }
  /// Multiply-adds for one image.
  public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }
}
