/// How the weights of one layer are rounded.
///
/// For networks that were trained with it: such weights are multiples of a step, and rounding them
/// again to other steps would lose that.
public struct WeightRounding: Codable, Hashable, Sendable {
  /// The real size of a step: one for all output channels, or one for each.
  ///
  /// A channel with weights of more than 127 steps gets larger ones, unless it is wide.
  public var steps: [Float]
  /// Output channels with weights of up to 255 steps, in ascending order.
  public var wide: [Int]

  /// Creates a rounding.
  public init(steps: [Float], wide: [Int] = []) {
    self.steps = steps
    self.wide = wide
  }

  /// The most steps of a weight of a wide channel.
  static let widest: Float = 255
  /// The most weights of a wide channel, whose sum has to fit into 32 bits.
  public static let longest = 1 << 15

  /// Whether the numbers are valid for weights of `shape`, the output channel first.
  func fits(_ shape: [Int]) -> Bool {
    (steps.count == 1 || steps.count == shape[0]) && steps.allSatisfy { $0.isNormal && $0 > 0 }
      && zip(wide, wide.dropFirst()).allSatisfy(<)
      && wide.allSatisfy { (0..<shape[0]).contains($0) }
      && (wide.isEmpty || shape[1...].reduce(1, *) <= Self.longest)
  }

  /// The step of a channel.
  func step(_ channel: Int) -> Float { steps[steps.count == 1 ? 0 : channel] }

  /// The rounding of the same weights times `factor`.
  func scaled(by factor: Float) -> WeightRounding {
    WeightRounding(steps: steps.map { $0 * factor }, wide: wide)
  }
}
