package import Layers

/// How the strided windows of a network are padded, which must be as in training.
public enum PaddingConvention: String, Codable, Hashable, Sendable, CaseIterable {
  /// `(kernel - 1) / 2` zeros on every side, as in PyTorch's models.
  case even
  /// More zeros at the bottom and right, as with TensorFlow's SAME.
  case same

  /// The engine's padding.
  package var padding: Padding {
    switch self {
    case .even: .even
    case .same: .same
    }
  }
}
