/// What numbers are rounded to where an arithmetic is simulated in 32-bit floating point.
public enum Rounding: Hashable, Sendable {
  /// bfloat16: 8 bits of precision, the range of a `Float`.
  case bfloat16
  /// Unsigned bytes.
  case byte(AffineQuantizer)

  /// The nearest number there is, ties to even.
  public func callAsFunction(_ value: Float) -> Float {
    switch self {
    case .bfloat16: roundedToBFloat16(value)
    case .byte(let quantizer): quantizer(value)
    }
  }
}

/// The nearest number whose lower half is zero, ties to even; a NaN stays one.
func roundedToBFloat16(_ value: Float) -> Float {
  if value.isNaN { return value }
  let bits = value.bitPattern
  return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
}
