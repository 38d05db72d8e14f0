/// The real size of one step of a channel's weights, and how many of them a weight has at most.
func weightStep(
  _ weights: ArraySlice<Float>, _ rounding: WeightRounding?, channel: Int
) -> (step: Float, most: Float) {
  let smallest = weightStep(weights)
  guard let rounding else { return (smallest, 127) }
  let wanted = rounding.step(channel)
  if rounding.wide.contains(channel) { return (wanted, WeightRounding.widest) }
  // Up to half a step more is cut off rather than giving the whole channel other steps.
  return (smallest * 127 <= wanted * 127.5 ? wanted : smallest, 127)
}

/// The real size of one step of a channel's weights; 1 if all of them are zero.
private func weightStep(_ weights: ArraySlice<Float>) -> Float {
  // Without the sign, bit patterns sort like magnitudes, and comparing integers vectorises.
  var largest: UInt32 = 0
  unsafe weights.withUnsafeBufferPointer { weights in
    for index in 0..<weights.count {
      largest = max(largest, unsafe weights[index].bitPattern & 0x7FFF_FFFF)
    }
  }
  return largest > 0 ? Float(bitPattern: largest) / 127 : 1
}
