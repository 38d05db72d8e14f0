/// How 8-bit pixels become the values that a network was trained on: `(x - mean) * scale`.
public struct Normalization: Codable, Hashable, Sendable {
  /// The order of the colours in the network's input.
  public enum ColorOrder: String, Codable, Hashable, Sendable {
    /// Red first.
    case rgb
    /// Blue first, as in Caffe's models.
    case bgr
  }

  /// Order of the network's input channels; `mean` and `scale` follow it.
  public var order: ColorOrder
  /// The mean of each channel, 0 to 255, which is subtracted first.
  public var mean: [Float]
  /// The factor for each channel, applied after the mean is subtracted.
  public var scale: [Float]

  /// Creates a normalisation from three means and three factors.
  public init(order: ColorOrder = .rgb, mean: [Float], scale: [Float]) {
    self.order = order
    self.mean = mean
    self.scale = scale
  }

  /// ImageNet's mean and standard deviation, as torchvision's classifiers expect.
  public static let imageNet = Normalization(
    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
    scale: [1 / (0.229 * 255), 1 / (0.224 * 255), 1 / (0.225 * 255)])

  /// -1 to 1, as TensorFlow's MobileNets and torchvision's SSDLite expect.
  public static let signedUnit = Normalization(
    mean: [127.5, 127.5, 127.5], scale: [1 / 127.5, 1 / 127.5, 1 / 127.5])
}
