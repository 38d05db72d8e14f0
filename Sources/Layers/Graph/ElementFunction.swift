/// A function that is applied to each element of a map or tensor.
public enum ElementFunction: Hashable, Sendable {
  /// An activation, which a convolution can apply as well.
  case activation(Activation)
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// `exp(x)`.
  case exponential
  /// `min(max(x, lower), upper)`.
  case clamp(lower: Float, upper: Float)

  /// The function's value; NaN stays NaN.
  func callAsFunction(_ x: Float) -> Float {
    switch self {
    case .activation(.none): x
    case .activation(.relu): x < 0 ? 0 : x
    case .activation(.relu6): x < 0 ? 0 : x > 6 ? 6 : x
    case .activation(.hardSwish): x * Self.activation(.relu6)(x + 3) / 6
    case .activation(.hardSigmoid): Self.activation(.relu6)(x + 3) / 6
    case .sigmoid: 1 / (1 + Layers.exponential(-x))
    case .exponential: Layers.exponential(x)
    case .clamp(let lower, let upper): x < lower ? lower : x > upper ? upper : x
    }
  }
}
