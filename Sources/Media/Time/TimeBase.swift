import CFFmpeg

/// The length of one tick of a stream's clock, in seconds, as a fraction.
public struct TimeBase: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The fraction's numerator, at least 1.
  public let numerator: Int
  /// The fraction's denominator, at least 1.
  public let denominator: Int

  /// Creates a time base of `numerator / denominator` seconds.
  ///
  /// - Precondition: both parts are positive.
  public init(_ numerator: Int, _ denominator: Int) {
    precondition(numerator > 0 && denominator > 0, "a time base of \(numerator)/\(denominator)")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The length of `ticks` in seconds.
  public func seconds(_ ticks: Int64) -> Double {
    Double(ticks) * Double(numerator) / Double(denominator)
  }

  /// The tick nearest to `seconds`, clamped to the range of `Int64`.
  public func ticks(_ seconds: Double) -> Int64 {
    let ticks = (seconds * Double(denominator) / Double(numerator)).rounded()
    return Int64(exactly: ticks) ?? (ticks > 0 ? Int64.max : Int64.min)
  }

  /// The time base as text, such as `1/90000`.
  public var description: String { "\(numerator)/\(denominator)" }
}

extension TimeBase {
  /// Decodes `[1, 90000]`.
  public init(from decoder: any Decoder) throws {
    let parts = try decodedPair(decoder)
    self.init(max(1, parts.0), parts.1)
  }

  /// Encodes `[1, 90000]`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(numerator)
    try container.encode(denominator)
  }
}

extension TimeBase {
  /// Converts FFmpeg's time base; one with a zero or negative part, which a damaged file may have,
  /// becomes microseconds, FFmpeg's default.
  init(_ raw: AVRational) {
    guard raw.num > 0, raw.den > 0 else {
      self.init(1, Int(AV_TIME_BASE))
      return
    }
    self.init(Int(raw.num), Int(raw.den))
  }

  /// The time base in FFmpeg's type.
  var raw: AVRational { Rational(numerator, denominator).raw }
}
