internal import CKernels

extension Step {
  /// The runs of a window that a bfloat16 matrix product sums over: how many, and their length.
  private var runs: (count: Int, length: Int) {
    if case .convolution(let window, _, _) = kind {
      return (window.kernel, window.kernel * pixelStride)
    }
    return (1, reductionLength)
  }

  /// Size of the step's packed bfloat16 weights in floats, or `nil` if it has none.
  func packedBFloat16Size(_ kernels: sd_kernels) -> Int? {
    switch kind {
    case .pointwise, .convolution:
      let size = kernels.bf16_gemm_packed_size(output.shape.channels, runs.count, runs.length)
      return (size + 1) / 2
    case .depthwise(let window, _):
      let channels = paddedChannels(output.shape.channels)
      return (kernels.bf16_depthwise_packed_size(channels, window.kernel) + 1) / 2
    default: return nil
    }
  }

  /// Packs the weights of a bfloat16 step.
  ///
  /// `weights` and their `shape` are in PyTorch's order.
  func packBFloat16(
    _ weights: [Float], shape: [Int], _ kernels: sd_kernels, into target: UnsafeMutableRawPointer
  ) {
    let target = unsafe target.assumingMemoryBound(to: sd_bf16.self)
    switch kind {
    case .depthwise(let window, _):
      let reach = window.kernel
      let channels = paddedChannels(shape[0])
      var taps = [Float](repeating: 0, count: reach * reach * channels)
      unsafe taps.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return }
        unsafe placeTaps(
          weights, channels: shape[0], kernel: shape[3], reach: reach, tapStride: 1,
          channelStride: reach * reach, into: start)
      }
      unsafe kernels.bf16_depthwise_pack(channels, reach, taps, target)
    case .convolution(let window, _, _):
      let rows = reordered(weights, shape: shape, window.kernel, pixelStride: pixelStride)
      unsafe kernels.bf16_gemm_pack(shape[0], runs.count, runs.length, rows, target)
    default:
      unsafe kernels.bf16_gemm_pack(shape[0], runs.count, runs.length, weights, target)
    }
  }
}
