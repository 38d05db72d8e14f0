/// Why a list of operators is no network.
public struct OperatorGraphError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence that names the operator.
  public let description: String

  /// Creates an error about the whole network.
  init(_ sentence: String) { description = sentence }

  /// Creates an error about one operator.
  init(_ node: OperatorNode, _ fault: String) {
    description = "The operator \(node.name) (\(node.summary)) \(fault)."
  }
}

/// Bounds on what a network may ask for, so that no file makes the program allocate without end.
enum OperatorLimits {
  static let nodes = 20_000
  static let sides = 1...4096
  static let channels = 1...65_536
  static let kernels = 1...127
  static let strides = 1...128
  static let dilations = 1...128
  static let rank = 8
  /// Numbers of one tensor: 256 MiB.
  static let tensor = 1 << 26
  /// Numbers of all tensors together, padding included: 4 GiB, most of which the plan lays over each
  /// other.
  static let total = 1 << 30
}
