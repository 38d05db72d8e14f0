/// How the numbers of a feature map are stored.
enum Element: Hashable {
  case float32
  /// The upper half of a 32-bit number, rounded to nearest, ties to even.
  case bfloat16
  /// An unsigned byte and what it stands for.
  case byte(AffineQuantizer)

  /// Bytes that a number takes.
  var size: Int {
    switch self {
    case .float32: 4
    case .bfloat16: 2
    case .byte: 1
    }
  }

  /// What bytes stand for; `nil` where there are none.
  var quantizer: AffineQuantizer? {
    if case .byte(let quantizer) = self { quantizer } else { nil }
  }
}
