/// How a prior's logits become scores; class 0 is always the background.
public enum Scoring: String, Codable, Hashable, Sendable, CaseIterable {
  /// All classes of a prior compete, as in Caffe's and torchvision's SSD.
  case softmax
  /// Each class is independent, as in TensorFlow's SSD.
  case sigmoid
}
