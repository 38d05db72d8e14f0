import CKernels

/// Packed weights that came from a file may hold any bits: an infinite or missing scale or bias is
/// found, wherever it is.
struct U8FiniteCheck: KernelCheck {
  enum Form {
    case gemm, convolution, depthwise
  }

  let form: Form

  func contractFailures(_ scalar: sd_kernels) -> [String] { failures(scalar) }
  func differences(_ vector: sd_kernels, _ scalar: sd_kernels) -> [String] { failures(vector) }

  private func failures(_ kernels: sd_kernels) -> [String] {
    let sizes =
      form == .depthwise
      ? [(16, 15), (48, 47), (80, 64), (144, 0)]
      : [(1, 0), (16, 15), (33, 32), (128, 0), (130, 97)]
    return sizes.flatMap { channels, place in
      [1, .infinity, -.infinity, .nan].flatMap { (value: Float) in
        [false, true].flatMap { isBias in
          (form == .depthwise ? [2, 3, 5] : [3]).compactMap { kernel in
            let isFinite = check(
              kernels, channels, kernel, at: place, value, isBias: isBias)
            return isFinite == value.isFinite
              ? nil : "\(form) \(channels) x \(kernel), \(value) as \(isBias ? "bias" : "scale")"
          }
        }
      }
    }
  }

  /// Packs scales and biases, one of which is `value`, and returns whether they are finite.
  private func check(
    _ kernels: sd_kernels, _ channels: Int, _ kernel: Int, at place: Int, _ value: Float,
    isBias: Bool
  ) -> Bool {
    var scale = [Float](repeating: 0.5, count: channels)
    var bias = [Float](repeating: 1, count: channels)
    if isBias { bias[place] = value } else { scale[place] = value }
    // Rows of three pixels with four channels, or twelve numbers, or one channel's window.
    let inputs = form == .depthwise ? 1 : 4
    let weights = [Int8](repeating: 3, count: channels * kernel * kernel * inputs)
    let size =
      switch form {
      case .gemm: kernels.u8_gemm_packed_size(channels, 12)
      case .convolution: kernels.u8_convolution_packed_size(channels, inputs, kernel)
      case .depthwise: kernels.u8_depthwise_packed_size(channels, kernel)
      }
    let packed = Bytes(size, fill: 0)
    switch form {
    case .gemm:
      unsafe kernels.u8_gemm_pack(channels, 12, weights, 7, scale, bias, packed.start)
      return unsafe kernels.u8_gemm_is_finite(channels, packed.start)
    case .convolution:
      unsafe kernels.u8_convolution_pack(
        channels, inputs, kernel, weights, [0.5, 1, 2, 0], scale, bias, packed.start)
      return unsafe kernels.u8_convolution_is_finite(channels, inputs, kernel, packed.start)
    case .depthwise:
      unsafe kernels.u8_depthwise_pack(channels, kernel, weights, 7, scale, bias, packed.start)
      return unsafe kernels.u8_depthwise_is_finite(channels, kernel, packed.start)
    }
  }
}
