package import Layers

/// How the strided windows of a network meet the border: what its weights were trained with.
public enum PaddingConvention: String, Codable, Hashable, Sendable, CaseIterable {
  /// `(kernel - 1) / 2` zeros on every side: PyTorch's models.
  case even
  /// More zeros at the bottom and right: TensorFlow's SAME.
  case same

  /// The engine's rule.
  package var padding: Padding {
    switch self {
    case .even: .even
    case .same: .same
    }
  }
}
