/// The smallest and the largest value of a feature map on calibration images.
public struct ActivationRange: Hashable, Sendable {
  /// The smallest value.
  public var minimum: Float
  /// The largest value.
  public var maximum: Float

  /// Creates a range.
  public init(minimum: Float, maximum: Float) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// The 8-bit quantiser for this range.
  public var quantizer: AffineQuantizer {
    let low = min(minimum, 0)
    let high = max(maximum, 0)
    let step = (high - low) / 255
    // A map of zeros, or of values that are next to zero, needs no resolution: any scale will do.
    let scale = step.isNormal ? step : 1
    return AffineQuantizer(scale: scale, zeroPoint: (-low / scale).rounded(.toNearestOrEven))
  }
}

extension ActivationRange: Codable {
  /// Reads `[minimum, maximum]`.
  ///
  /// - Throws: `DecodingError` for anything but two numbers.
  public init(from decoder: any Decoder) throws {
    var values = try decoder.unkeyedContainer()
    minimum = try values.decode(Float.self)
    maximum = try values.decode(Float.self)
  }

  /// Writes `[minimum, maximum]`.
  ///
  /// - Throws: Whatever the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.unkeyedContainer()
    try values.encode(minimum)
    try values.encode(maximum)
  }
}

/// Represents a range of real numbers in unsigned bytes: `real = scale * (byte - zeroPoint)`.
///
/// Zero is always exact, so zero padding has no error (Jacob et al. 2018, arXiv:1712.05877, section
/// 2.1).
public struct AffineQuantizer: Hashable, Sendable {
  /// The real step from one byte to the next.
  public let scale: Float
  /// The byte for zero, 0 to 255.
  public let zeroPoint: Float

  /// The nearest representable number, ties to even.
  public func callAsFunction(_ value: Float) -> Float {
    let steps = min(max(value / scale, -zeroPoint), 255 - zeroPoint)
    return roundedToEven(steps) * scale
  }
}

/// The nearest integer, ties to even.
///
/// At 1.5 * 2²³ one unit in the last place is 1, so adding it makes the processor round, without a
/// function call.
///
/// - Precondition: The magnitude is below 2²².
func roundedToEven(_ value: Float) -> Float {
  let shift: Float = 0x1.8p23
  return (value + shift) - shift
}
