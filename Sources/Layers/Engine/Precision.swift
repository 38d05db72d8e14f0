/// The number format that a network computes with.
public enum Precision: String, Hashable, Sendable, CaseIterable {
  /// 32-bit floating point, the reference.
  case fp32
  /// bfloat16: 8 bits of precision, the range of FP32. Simulated in FP32 if the processor has no
  /// fast instructions for it.
  case bf16
  /// 8-bit integers: the fastest. Simulated in FP32 if there are no fast kernels for the processor.
  case int8
}
