/// The format that values are rounded to when another arithmetic is simulated in FP32.
public enum Rounding: Hashable, Sendable {
  /// bfloat16: 8 bits of precision, the range of a `Float`.
  case bfloat16
  /// Unsigned bytes.
  case byte(AffineQuantizer)

  /// The nearest representable number, ties to even.
  public func callAsFunction(_ value: Float) -> Float {
    switch self {
    case .bfloat16: roundedToBFloat16(value)
    case .byte(let quantizer): quantizer(value)
    }
  }
}

/// The nearest bfloat16 number, ties to even; NaN stays NaN.
func roundedToBFloat16(_ value: Float) -> Float {
  if value.isNaN { return value }
  let bits = value.bitPattern
  return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
}
