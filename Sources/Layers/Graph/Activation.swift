/// The function applied to each element of a layer's output.
public enum Activation: String, Hashable, Sendable, Codable, CaseIterable {
  /// The identity.
  case none
  /// `max(x, 0)`.
  case relu
  /// `min(max(x, 0), 6)`.
  case relu6
  /// `x * relu6(x + 3) / 6` (Howard et al. 2019, arXiv:1905.02244, section 5.2).
  case hardSwish
  /// `relu6(x + 3) / 6` (Howard et al. 2019, arXiv:1905.02244, section 5.2).
  case hardSigmoid
}
