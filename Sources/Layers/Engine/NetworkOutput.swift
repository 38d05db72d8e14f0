/// A named result of a network.
public struct NetworkOutput: Hashable, Sendable {
  /// Name, as the network's description has it.
  public let name: String
  /// Sides, slowest first: rows and columns, or as an imported graph declares them.
  public let shape: [Int]

  /// Numbers in the result.
  public var count: Int { shape.reduce(1, *) }
}
