/// The range and the mean of one channel of a feature map on calibration images.
public struct ChannelStatistics: Hashable, Sendable {
  /// The smallest value.
  public private(set) var minimum: Float = .infinity
  /// The largest value.
  public private(set) var maximum: Float = -.infinity
  private var sum = 0.0
  private var count = 0

  /// The mean; 0 if there were no values.
  public var mean: Float { count == 0 ? 0 : Float(sum / Double(count)) }
  /// The largest magnitude; 0 if there were no values.
  public var magnitude: Float { count == 0 ? 0 : max(abs(minimum), abs(maximum)) }

  mutating func add(_ values: some Sequence<Float>) {
    for value in values {
      minimum = min(minimum, value)
      maximum = max(maximum, value)
      sum += Double(value)
      count += 1
    }
  }
}
