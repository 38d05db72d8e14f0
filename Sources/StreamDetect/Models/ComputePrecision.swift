package import Layers

/// The numbers that a network computes with.
public enum ComputePrecision: String, Hashable, Sendable, CaseIterable {
  /// 32-bit floating point, the reference.
  case fp32
  /// bfloat16: 8 bits of precision; simulated, and not faster, on processors without its
  /// instructions.
  case bf16
  /// 8-bit integers: the fastest. Only for models that were calibrated
  /// (``StoredModel/quantized(on:to:stride:limit:)``); simulated, and not faster, on processors
  /// without fast kernels for it.
  case int8

  /// The precision in the engine's terms.
  package var precision: Precision {
    switch self {
    case .fp32: .fp32
    case .bf16: .bf16
    case .int8: .int8
    }
  }

  /// The same precision, from the engine's terms.
  package init(_ precision: Precision) {
    switch precision {
    case .fp32: self = .fp32
    case .bf16: self = .bf16
    case .int8: self = .int8
    }
  }
}
