/// The real size of one step of a channel's weights; 1 if all of them are zero.
func weightStep(_ weights: ArraySlice<Float>) -> Float {
  // Without the sign, bit patterns sort like magnitudes, and comparing integers vectorises.
  var largest: UInt32 = 0
  unsafe weights.withUnsafeBufferPointer { weights in
    for index in 0..<weights.count {
      largest = max(largest, unsafe weights[index].bitPattern & 0x7FFF_FFFF)
    }
  }
  return largest > 0 ? Float(bitPattern: largest) / 127 : 1
}
