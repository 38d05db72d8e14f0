internal import CKernels

/// Checks that no number in weights that came packed in a file is infinite or NaN.
///
/// The tensors that they were packed from are checked when the file is opened, but a file may have
/// been changed or made on purpose, and its checksums with it.
struct PackedCheck {
  let kernels: sd_kernels
  let weights: WeightBuffer

  /// Whether the weights of all steps are finite.
  func isFinite(_ program: Program) -> Bool {
    program.steps.allSatisfy { step in
      guard let packed = step.packed else { return true }
      return isFinite(step, packed) && isFinite(pixelsOf: step)
        && [step.wide, step.pixels?.wide].allSatisfy { wide in
          wide.map { unsafe $0.isFinite(UnsafePointer(weights.start + $0.packed)) } ?? true
        }
    }
  }

  private func isFinite(_ step: Step, _ packed: PackedWeights) -> Bool {
    let start = unsafe UnsafeRawPointer(weights.start + packed.weights)
    let channels = step.output.shape.channels
    switch step.kind {
    case .integerPointwise: return unsafe kernels.u8_gemm_is_finite(channels, start)
    case .integerDepthwise(let window, _):
      return unsafe kernels.u8_depthwise_is_finite(
        paddedChannels(channels), window.kernel, start)
    case .integerConvolution(let window, _):
      return unsafe kernels.u8_convolution_is_finite(
        channels, step.inputs[0].placement.pixelStride, window.kernel, start)
    default: break
    }
    guard hasFinite(UInt32.self, 0x7F80_0000, at: packed.bias, floats: paddedChannels(channels))
    else { return false }
    if step.isBFloat16 {
      let size = step.packedBFloat16Size(kernels) ?? 0
      return hasFinite(UInt16.self, 0x7F80, at: packed.weights, floats: size)
    }
    let size =
      switch step.kind {
      case .winograd(_, _, let plan, _): plan.packedCount
      case .strassen(_, let plan, _): plan.packedCount
      case .depthwise(let window, _): window.kernel * window.kernel * paddedChannels(channels)
      case .gathered(_, let groups, _, _), .groupedPointwise(let groups, _):
        groups * kernels.f32_gemm_packed_size(channels / groups, step.reductionLength)
      default: kernels.f32_gemm_packed_size(channels, step.reductionLength)
      }
    return hasFinite(UInt32.self, 0x7F80_0000, at: packed.weights, floats: size)
  }

  /// The weights of a first layer that reads pixels.
  private func isFinite(pixelsOf step: Step) -> Bool {
    guard let pixels = step.pixels, let window = step.fullConvolution?.window else { return true }
    let start = unsafe UnsafeRawPointer(weights.start + pixels.packed)
    return unsafe kernels.u8_convolution_is_finite(
      step.output.shape.channels, pixels.view.placement.pixelStride, window.kernel, start)
  }

  private func hasFinite<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ bits: Bits.Type, _ exponent: Bits, at first: Int, floats count: Int
  ) -> Bool {
    guard first >= 0, count >= 0, count <= weights.count - first else { return false }
    let bytes = unsafe UnsafeRawBufferPointer(
      UnsafeBufferPointer(start: weights.start + first, count: count))
    return hasNone(unsafe bytes.bytes, as: bits, exponent: exponent)
  }
}
