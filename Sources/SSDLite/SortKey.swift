/// A number that sorts by falling score, then by rising position.
///
/// - Precondition: `score` is a number, and `position` fits into 32 bits.
func sortKey(score: Float, position: Int) -> UInt64 {
  // Adding 0 makes minus zero equal to zero. The bits of floats of one sign sort like the floats.
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
