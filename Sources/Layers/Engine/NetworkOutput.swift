/// A named result of a network.
public struct NetworkOutput: Hashable, Sendable {
  /// Name, as the network declares it.
  public let name: String
  /// Dimensions, slowest first: rows and columns, or as an imported graph declares them.
  public let shape: [Int]

  /// Number of elements.
  public var count: Int { shape.reduce(1, *) }
}
