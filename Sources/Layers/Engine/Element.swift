/// How the elements of a feature map are stored.
enum Element: Hashable {
  case float32
  /// The upper half of a 32-bit number, rounded to nearest, ties to even.
  case bfloat16
  /// An unsigned byte, which the quantiser maps to a real number.
  case byte(AffineQuantizer)

  /// Bytes per element.
  var size: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .byte: 1
    }
  }

  /// The quantiser of bytes, or `nil` for other elements.
  var quantizer: AffineQuantizer? {
    if case .byte(let quantizer) = self { quantizer } else { nil }
  }
}
