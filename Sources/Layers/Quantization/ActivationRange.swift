/// The smallest and the largest number that a feature map takes on calibration images.
public struct ActivationRange: Hashable, Sendable {
  /// The smallest number.
  public var minimum: Float
  /// The largest number.
  public var maximum: Float

  /// Creates a range.
  public init(minimum: Float, maximum: Float) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The range that covers this one and another.
  public func union(_ other: ActivationRange) -> ActivationRange {
    ActivationRange(
      minimum: min(minimum, other.minimum), maximum: max(maximum, other.maximum))
  }

  /// The 8-bit numbers for this range.
  public var quantizer: AffineQuantizer {
    let low = min(minimum, 0)
    let high = max(maximum, 0)
    let step = (high - low) / 255
    // A map of zeros, or of what is next to nothing, needs no resolution; any scale represents it.
    let scale = step.isNormal ? step : 1
    return AffineQuantizer(scale: scale, zeroPoint: (-low / scale).rounded(.toNearestOrEven))
  }
}

extension ActivationRange: Codable {
  /// Reads `[minimum, maximum]`.
  ///
  /// - Throws: `DecodingError` for anything else than two numbers.
  public init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    minimum = try values.decode(Float.self)
    maximum = try values.decode(Float.self)
  }

  /// Writes `[minimum, maximum]`.
  ///
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    try values.encode(minimum)
    try values.encode(maximum)
  }
}

/// Unsigned 8-bit numbers for a range of reals: `real = scale * (byte - zeroPoint)`.
///
/// Zero is always exact, so that padding stays what it is (Jacob et al. 2018, arXiv:1712.05877,
/// section 2.1).
public struct AffineQuantizer: Hashable, Sendable {
  /// The real step from one byte to the next.
  public let scale: Float
  /// The byte that stands for zero, 0 to 255.
  public let zeroPoint: Float

  /// The nearest number that a byte can stand for, ties to the even byte.
  public func callAsFunction(_ value: Float) -> Float {
    let steps = min(max(value / scale, -zeroPoint), 255 - zeroPoint)
    return roundedToEven(steps) * scale
  }
}

/// The nearest whole number, ties to even.
///
/// Adding a power of two whose last place is one rounds as the machine does, without a call.
///
/// - Precondition: The magnitude is below 2²².
func roundedToEven(_ value: Float) -> Float {
  let shift: Float = 0x1.8p23
  return (value + shift) - shift
}
