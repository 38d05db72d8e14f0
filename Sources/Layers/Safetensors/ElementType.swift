/// The number format of a stored tensor, under the name that safetensors gives it.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  /// IEEE 754 binary64.
  case float64 = "F64"
  /// IEEE 754 binary32.
  case float32 = "F32"
  /// IEEE 754 binary16.
  case float16 = "F16"
  /// The upper half of a binary32.
  case bfloat16 = "BF16"
  /// 64 bits, signed.
  case int64 = "I64"
  /// 32 bits, signed.
  case int32 = "I32"
  /// 16 bits, signed.
  case int16 = "I16"
  /// 8 bits, signed.
  case int8 = "I8"
  /// 64 bits, unsigned.
  case uint64 = "U64"
  /// 32 bits, unsigned.
  case uint32 = "U32"
  /// 16 bits, unsigned.
  case uint16 = "U16"
  /// 8 bits, unsigned.
  case uint8 = "U8"
  /// One byte, zero for false.
  case bool = "BOOL"

  /// Bytes per element.
  public var byteCount: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }
}

/// The number of elements of a tensor of `shape`, or `nil` if a dimension is negative or the
/// product of the nonzero dimensions overflows `Int`.
package func checkedElementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for side in shape {
    guard side >= 0 else { return nil }
    // A zero must not hide an overflow: [2^40, 2^40, 0] is as invalid as [2^40, 2^40].
    let (product, overflows) = count.multipliedReportingOverflow(by: max(side, 1))
    guard !overflows else { return nil }
    count = product
  }
  return shape.contains(0) ? 0 : count
}
