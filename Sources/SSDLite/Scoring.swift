/// How a prior's logits become scores; class 0 is the background in both.
public enum Scoring: String, Codable, Hashable, Sendable, CaseIterable {
  /// All classes of a prior compete: Caffe's and torchvision's SSD.
  case softmax
  /// Each class by itself: TensorFlow's SSD.
  case sigmoid
}
