public import Backbone

/// An SSDLite detector: all that decides the graph's shape and how its output is read.
public struct SSDLiteSpecification: Codable, Hashable, Sendable {
  /// The network under the detector: one of the MobileNets.
  public var backbone: BackboneKind
  /// Factor on the backbone's channels.
  public var widthMultiplier: Double
  /// Whether a MobileNetV3 has half its channels from stride 32 on, as torchvision's detector.
  public var reducedTail: Bool
  /// Classes, the background among them.
  public var classes: Int
  /// Input height in pixels.
  public var inputHeight: Int
  /// Input width in pixels.
  public var inputWidth: Int
  /// Border rule of the strided windows.
  public var padding: PaddingConvention
  /// Output channels of the extra blocks, each of which halves the feature map.
  public var extraChannels: [Int]
  /// The prior boxes.
  public var priors: PriorSpecification
  /// How the regression head's numbers become boxes.
  public var boxCoder: BoxCoder
  /// How the classification head's numbers become scores.
  public var scoring: Scoring

  /// Creates a specification.
  ///
  /// Where `extraChannels` are not given they are 512, 256, 256 and 128 times the width multiplier,
  /// at least 16: TensorFlow's rule.
  public init(
    backbone: BackboneKind, widthMultiplier: Double = 1, reducedTail: Bool = false, classes: Int,
    inputHeight: Int, inputWidth: Int, padding: PaddingConvention, extraChannels: [Int]? = nil,
    priors: PriorSpecification, boxCoder: BoxCoder = BoxCoder(), scoring: Scoring
  ) {
    self.backbone = backbone
    self.widthMultiplier = widthMultiplier
    self.reducedTail = reducedTail
    self.classes = classes
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.padding = padding
    self.extraChannels = extraChannels ?? Self.extraChannels(widthMultiplier: widthMultiplier)
    self.priors = priors
    self.boxCoder = boxCoder
    self.scoring = scoring
  }

  /// Output channels of the four extra blocks at a width multiplier.
  public static func extraChannels(widthMultiplier: Double) -> [Int] {
    // A width out of range is refused when the graph is built.
    let width = SpecificationLimits.widths.contains(widthMultiplier) ? widthMultiplier : 1
    return [512, 256, 256, 128].map { max(16, Int(Double($0) * width)) }
  }

  /// torchvision's `ssdlite320_mobilenet_v3_large`.
  ///
  /// Its backbone has the reduced tail, as the published COCO weights. `widthMultiplier` is the
  /// `width_mult` of torchvision's backbone and of its feature extractor, the extra blocks.
  public static func torchvisionMobileNetV3Large(
    widthMultiplier: Double = 1, classes: Int = 91
  ) -> SSDLiteSpecification {
    SSDLiteSpecification(
      backbone: .mobileNetV3Large, widthMultiplier: widthMultiplier, reducedTail: true,
      classes: classes, inputHeight: 320, inputWidth: 320, padding: .even,
      priors: .torchvision(TorchvisionPriors()), scoring: .softmax)
  }

  /// The detector of the MobileNet papers in TensorFlow's conventions: SAME padding, its priors and
  /// code order, sigmoid scores.
  public static func tensorFlow(
    backbone: BackboneKind, widthMultiplier: Double = 1, classes: Int = 91, inputHeight: Int = 300,
    inputWidth: Int = 300
  ) -> SSDLiteSpecification {
    SSDLiteSpecification(
      backbone: backbone, widthMultiplier: widthMultiplier, classes: classes,
      inputHeight: inputHeight, inputWidth: inputWidth, padding: .same,
      priors: .tensorFlow(TensorFlowPriors()), boxCoder: BoxCoder(order: .yxFirst),
      scoring: .sigmoid)
  }
}
