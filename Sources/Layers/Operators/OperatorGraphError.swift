/// Why a list of operators is not a valid network.
public struct OperatorGraphError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The message; it names the operator.
  public let description: String

  /// Creates an error about the whole network.
  init(_ message: String) { description = message }

  /// Creates an error about one operator.
  init(_ node: OperatorNode, _ fault: String) {
    description = "The operator \(node.name) (\(node.summary)) \(fault)."
  }
}

/// Limits on a network, so that no file can make the program allocate without bound.
package enum OperatorLimits {
  package static let nodes = 20_000
  static let sides = 1...4096
  static let channels = 1...65_536
  package static let kernels = 1...127
  static let strides = 1...128
  static let dilations = 1...128
  static let rank = 8
  /// Elements of one tensor: 256 MiB.
  package static let tensor = 1 << 26
  /// Multiply-adds of all operators on maps for one image, a hundred times those of a MobileNet on
  /// a large picture.
  static let multiplyAdds = 0x1p38
  /// Steps of all other loops, which are slower.
  static let loopSteps = 0x1p33
  /// Elements of all tensors together, padding included: 4 GiB, most of which share memory in the
  /// plan.
  static let total = 1 << 30
}
