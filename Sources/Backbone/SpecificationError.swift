/// Why a network cannot be built as it was asked for.
public enum SpecificationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The width multiplier is no number in the supported range.
  case width(Double)
  /// The network has no width multiplier, and one was given.
  case fixedWidth(BackboneKind, width: Double)
  /// The number of classes is out of range.
  case classes(Int, range: ClosedRange<Int>)
  /// The zeros around a SqueezeNet's last convolution are out of range.
  case classifierPadding(Int, range: ClosedRange<Int>)
  /// A side of the input is out of range, in pixels.
  case input(height: Int, width: Int, range: ClosedRange<Int>)
  /// There is no SSDLite on this backbone.
  case noDetector(BackboneKind)
  /// There is no halved last stage for this backbone.
  case noReducedTail(BackboneKind)
  /// The channels of a detector's extra blocks cannot be built.
  case extraChannels([Int])
  /// The priors cannot be laid out; the sentence says why.
  case priors(String)
  /// The box coder's variances are not positive numbers.
  case variances(center: Float, size: Float)
  /// The operators of an imported network do not fit together; the sentence says why.
  case operators(String)

  /// A sentence that names the value and the allowed ones.
  public var description: String {
    switch self {
    case .width(let width):
      "The width multiplier is \(width); it must be between "
        + "\(SpecificationLimits.widths.lowerBound) and \(SpecificationLimits.widths.upperBound)."
    case .fixedWidth(let backbone, let width):
      "The width multiplier is \(width); \(backbone.rawValue) has none, leave it away or at 1."
    case .classes(let classes, let range):
      "The network has \(classes) classes; it must have \(range.lowerBound) to "
        + "\(range.upperBound)."
    case .classifierPadding(let padding, let range):
      "The classifier's input has a border of \(padding) zeros; it must be \(range.lowerBound) to "
        + "\(range.upperBound)."
    case .input(let height, let width, let range):
      "The input is \(width) x \(height) pixels; each side must be \(range.lowerBound) to "
        + "\(range.upperBound)."
    case .noDetector(let backbone):
      "There is no SSDLite on \(backbone.rawValue); use one of the MobileNets."
    case .noReducedTail(let backbone):
      "\(backbone.rawValue) has no reduced tail; only the MobileNetV3 networks have."
    case .extraChannels(let channels):
      "The extra blocks have \(channels) channels; 1 to 8 blocks of 2 to 8192 can be built."
    case .priors(let sentence), .operators(let sentence):
      sentence
    case .variances(let center, let size):
      "The box coder's variances are \(center) and \(size); both must be positive numbers."
    }
  }
}

/// Bounds on what a model file may ask for, so that no file makes the program allocate without end.
package enum SpecificationLimits {
  /// Width multipliers; the papers go from 0.25 to 1.4.
  package static let widths = 0.05...8.0
  /// Sides of the input in pixels: 32 is the stride of the last feature map.
  package static let sides = 32...4096
  /// Zeros around the input of a SqueezeNet's last convolution.
  package static let classifierPaddings = 0...3
  /// Classes of a classifier, or of a detector with the background.
  package static let classes = 1...100_000
}
