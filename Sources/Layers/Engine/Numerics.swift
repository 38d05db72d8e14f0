internal import CKernels

/// The arithmetic that a network computes with, and its parameters other than weights.
public enum Numerics: Hashable, Sendable {
  /// 32-bit floating point, the reference.
  case float32
  /// bfloat16 maps and weights with sums in 32-bit floating point; the input and the outputs stay
  /// FP32.
  case bfloat16
  /// 8-bit integers, with the ranges of the feature maps; `Quantization.fault(for:)` must return
  /// `nil`.
  case integer(Quantization)
}

extension Numerics {
  var isInteger: Bool {
    if case .integer = self { true } else { false }
  }

  /// Whether the instruction set of `kernels` has fast kernels for it.
  func isNative(_ kernels: sd_kernels) -> Bool {
    switch self {
    case .float32: true
    case .bfloat16: kernels.bf16_is_fast
    case .integer: kernels.u8_is_fast
    }
  }

  /// The graph that simulates this arithmetic in FP32.
  func simulated(_ graph: Graph) -> Graph {
    switch self {
    case .float32: graph
    case .bfloat16: graph.simulatingBFloat16()
    case .integer(let quantization): graph.simulatingInt8(quantization)
    }
  }

  /// How a layer's weights are rounded, if the model says it.
  func rounding(_ name: String) -> WeightRounding? {
    if case .integer(let quantization) = self { quantization.weights?[name] } else { nil }
  }

  /// The weights of layer `name` rounded to this arithmetic; `shape` is in PyTorch's order.
  func rounded(_ weights: [Float], _ name: String, shape: [Int]) -> [Float] {
    switch self {
    case .float32: weights
    case .bfloat16: weights.map(roundedToBFloat16)
    case .integer: fakeQuantized(weights, shape: shape, rounding(name))
    }
  }
}
