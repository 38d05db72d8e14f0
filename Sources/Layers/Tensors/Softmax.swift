/// The softmax of `logits`: their probabilities, which sum to 1.
package func softmax(_ logits: Span<Float>) -> [Float] {
  guard !logits.isEmpty else { return [] }
  return unsafe logits.withUnsafeBufferPointer { input in
    unsafe [Float](unsafeUninitializedCapacity: input.count) { output, count in
      if let first = input.baseAddress, let target = output.baseAddress {
        unsafe softmax(count: input.count, first, stride: 1, target, stride: 1)
      }
      count = input.count
    }
  }
}

/// Writes the softmax of `count` values to `output`, each vector with its own stride.
///
/// The largest value is subtracted first, so that no power overflows.
func softmax(
  count: Int, _ input: UnsafePointer<Float>, stride inputStride: Int,
  _ output: UnsafeMutablePointer<Float>, stride outputStride: Int
) {
  var largest = unsafe input[0]
  for i in 1..<max(count, 1) { unsafe largest = max(largest, input[i * inputStride]) }
  var sum: Float = 0
  for i in 0..<count {
    let power = unsafe exponential(input[i * inputStride] - largest)
    unsafe output[i * outputStride] = power
    sum += power
  }
  for i in 0..<count { unsafe output[i * outputStride] /= sum }
}
