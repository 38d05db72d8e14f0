/// A key that sorts by descending score, then by ascending position.
///
/// - Precondition: `score` is not NaN, and `position` fits in 32 bits.
func sortKey(score: Float, position: Int) -> UInt64 {
  // Adding 0 turns minus zero into zero. The bit patterns of positive floats sort like the floats,
  // those of negative ones in reverse.
  let bits = (score + 0).bitPattern
  let rising = bits >> 31 == 1 ? ~bits : bits | 1 << 31
  return UInt64(~rising) << 32 | UInt64(UInt32(position))
}

/// The position in a sort key.
func sortedPosition(_ key: UInt64) -> Int {
  Int(UInt32(truncatingIfNeeded: key))
}

/// The score in a sort key.
func sortedScore(_ key: UInt64) -> Float {
  let rising = ~UInt32(truncatingIfNeeded: key >> 32)
  return Float(bitPattern: rising >> 31 == 1 ? rising & ~(1 << 31) : ~rising)
}
