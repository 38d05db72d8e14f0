/// The numbers that a network computes with.
public enum Precision: String, Hashable, Sendable, CaseIterable {
  /// 32-bit floating point: the truth.
  case fp32
  /// 8-bit integers, simulated in 32-bit floating point: the results of integers, not their speed.
  case int8
}
