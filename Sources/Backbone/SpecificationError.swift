/// Why a specification is not a valid network.
public enum SpecificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The width multiplier is out of range, or NaN.
  case width(Double)
  /// A width multiplier was given for a network that has none.
  case fixedWidth(BackboneKind, width: Double)
  /// The number of classes is out of range.
  case classes(Int, range: ClosedRange<Int>)
  /// The padding of a SqueezeNet's last convolution is out of range.
  case classifierPadding(Int, range: ClosedRange<Int>)
  /// The width or height of the input is out of range.
  case input(height: Int, width: Int, range: ClosedRange<Int>)
  /// There is no SSDLite for this backbone.
  case noDetector(BackboneKind)
  /// There is no LR-ASPP for this backbone.
  case noSegmenter(BackboneKind)
  /// There is no halved last stage for this backbone.
  case noReducedTail(BackboneKind)
  /// The channels of a detector's extra blocks cannot be built.
  case extraChannels([Int])
  /// The priors are invalid; the message says why.
  case priors(String)
  /// The box coder's variances are not positive, finite numbers.
  case variances(center: Float, size: Float)
  /// The operators of an imported network are invalid; the message says why.
  case operators(String)

  /// A message that names the value and the range that is allowed.
  public var description: String {
    switch self {
    case .width(let width):
      "The width multiplier is \(width); it must be between "
        + "\(SpecificationLimits.widths.lowerBound) and \(SpecificationLimits.widths.upperBound)."
    case .fixedWidth(let backbone, let width):
      "The width multiplier is \(width); \(backbone.rawValue) "
        + (backbone.widths == [1]
          ? "has none, so leave it out or set it to 1."
          : "has only \((backbone.widths ?? []).map { "\($0)" }.joined(separator: ", ")).")
    case .classes(let classes, let range):
      "The network has \(classes) classes; it must have \(range.lowerBound) to "
        + "\(range.upperBound)."
    case .classifierPadding(let padding, let range):
      "The classifier's input is padded with \(padding) zeros; it must be \(range.lowerBound) to "
        + "\(range.upperBound)."
    case .input(let height, let width, let range):
      "The input is \(width) x \(height) pixels; each side must be \(range.lowerBound) to "
        + "\(range.upperBound)."
    case .noDetector(let backbone):
      "There is no SSDLite for \(backbone.rawValue); use a MobileNet, ShuffleNet, ResNet or Xception."
    case .noSegmenter(let backbone):
      "There is no LR-ASPP for \(backbone.rawValue); use mobilenet_v3_large."
    case .noReducedTail(let backbone):
      "\(backbone.rawValue) has no reduced tail; only the MobileNetV3 networks do."
    case .extraChannels(let channels):
      "There are \(channels.count) extra blocks with \(channels.prefix(9)) channels; there must be 1 "
        + "to 8 blocks of 2 to 8192 each (on VGG-16 none)."
    case .priors(let message), .operators(let message):
      message
    case .variances(let center, let size):
      "The box coder's variances are \(center) and \(size); both must be positive numbers."
    }
  }
}

/// Limits on a model file, so that no file can make the program allocate without bound.
package enum SpecificationLimits {
  /// Width multipliers; the papers use 0.25 to 1.4.
  package static let widths = 0.05...8.0
  /// Width and height of the input in pixels: 32 is the stride of the last feature map.
  package static let sides = 32...4096
  /// Zeros around the input of a SqueezeNet's last convolution.
  package static let classifierPaddings = 0...3
  /// Classes of a classifier, or of a detector including the background.
  package static let classes = 1...100_000
}
