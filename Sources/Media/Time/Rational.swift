import CFFmpeg

/// A fraction, for rates that decimals can't represent exactly, such as 24000/1001.
public struct Rational: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The number above the line.
  public var numerator: Int
  /// The number below the line; not zero.
  public var denominator: Int

  /// Makes `numerator / denominator`.
  ///
  /// - Precondition: `denominator` is not zero.
  public init(_ numerator: Int, _ denominator: Int) {
    precondition(denominator != 0, "a fraction with denominator zero")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The fraction as a decimal.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// The fraction as text, such as `25/1`.
  public var description: String { "\(numerator)/\(denominator)" }
}

extension Rational {
  /// Decodes `[25, 1]`.
  public init(from decoder: any Decoder) throws {
    let parts = try decodedPair(decoder)
    self.init(parts.0, parts.1)
  }

  /// Encodes `[25, 1]`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(numerator)
    try container.encode(denominator)
  }
}

/// Decodes a fraction that was encoded as two numbers.
func decodedPair(_ decoder: any Decoder) throws -> (Int, Int) {
  var container = try decoder.unkeyedContainer()
  let numerator = try container.decode(Int.self)
  let denominator = try container.decode(Int.self)
  guard denominator > 0 else {
    throw DecodingError.dataCorruptedError(
      in: container, debugDescription: "a denominator that is not positive")
  }
  return (numerator, denominator)
}

extension Rational {
  /// Converts FFmpeg's fraction; `nil` if a part is zero, which means "unknown", or negative.
  init?(_ raw: AVRational) {
    guard raw.num > 0, raw.den > 0 else { return nil }
    self.init(Int(raw.num), Int(raw.den))
  }

  /// The fraction in FFmpeg's type, reduced to fit its 32 bits.
  var raw: AVRational {
    var numerator: Int32 = 0
    var denominator: Int32 = 1
    unsafe av_reduce(
      &numerator, &denominator, Int64(self.numerator), Int64(self.denominator), Int64(Int32.max))
    return AVRational(num: numerator, den: denominator)
  }
}
