/// The numbers that a network computes with.
public enum Precision: String, Hashable, Sendable, CaseIterable {
  /// 32-bit floating point: the truth.
  case fp32
  /// bfloat16: 8 bits of precision, the range of FP32; fast where the processor has instructions for it, else
  /// simulated in FP32.
  case bf16
  /// 8-bit integers: the fastest, where the processor has kernels for them, else simulated in FP32.
  case int8
}
