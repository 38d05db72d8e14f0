public import Backbone

/// An SSD, SSDLite among them: everything that determines its graph and how its output is read.
public struct SSDLiteSpecification: Codable, Hashable, Sendable {
  /// The network under the detector, which must have a map of stride 16.
  public var backbone: BackboneKind
  /// Factor on the backbone's channels.
  public var widthMultiplier: Double
  /// Whether a MobileNetV3 has half the channels from stride 32 on, as in torchvision's detector.
  public var reducedTail: Bool
  /// Number of classes, including the background.
  public var classes: Int
  /// Input height in pixels.
  public var inputHeight: Int
  /// Input width in pixels.
  public var inputWidth: Int
  /// Padding of the strided windows.
  public var padding: PaddingConvention
  /// Output channels of the extra blocks, each of which halves the feature map; none for VGG-16,
  /// whose detector has extra layers of its own.
  public var extraChannels: [Int]
  /// The convolutions of the extra blocks and heads.
  public var style: SSDStyle
  /// The prior boxes.
  public var priors: PriorSpecification
  /// How the outputs of the regression head become boxes.
  public var boxCoder: BoxCoder
  /// How the outputs of the classification head become scores.
  public var scoring: Scoring

  /// Creates a specification.
  ///
  /// By default `extraChannels` are 512, 256, 256 and 128 times the width multiplier, but at least
  /// 16: TensorFlow's rule.
  public init(
    backbone: BackboneKind, widthMultiplier: Double = 1, reducedTail: Bool = false, classes: Int,
    inputHeight: Int, inputWidth: Int, padding: PaddingConvention, extraChannels: [Int]? = nil,
    style: SSDStyle = .separable, priors: PriorSpecification, boxCoder: BoxCoder = BoxCoder(),
    scoring: Scoring
  ) {
    self.backbone = backbone
    self.widthMultiplier = widthMultiplier
    self.reducedTail = reducedTail
    self.classes = classes
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.padding = padding
    self.extraChannels = extraChannels ?? Self.extraChannels(widthMultiplier: widthMultiplier)
    self.style = style
    self.priors = priors
    self.boxCoder = boxCoder
    self.scoring = scoring
  }

  /// Output channels of the four extra blocks at a width multiplier.
  public static func extraChannels(widthMultiplier: Double) -> [Int] {
    // A width multiplier out of range is rejected when the graph is built.
    let width = SpecificationLimits.widths.contains(widthMultiplier) ? widthMultiplier : 1
    return [512, 256, 256, 128].map { max(16, Int(Double($0) * width)) }
  }

  /// torchvision's `ssdlite320_mobilenet_v3_large`.
  ///
  /// Its backbone has the reduced tail, as have the published COCO weights. `widthMultiplier` is
  /// the `width_mult` of torchvision's backbone and of its feature extractor, the extra blocks.
  public static func torchvisionMobileNetV3Large(
    widthMultiplier: Double = 1, classes: Int = 91
  ) -> SSDLiteSpecification {
    SSDLiteSpecification(
      backbone: .mobileNetV3Large, widthMultiplier: widthMultiplier, reducedTail: true,
      classes: classes, inputHeight: 320, inputWidth: 320, padding: .even,
      priors: .torchvision(TorchvisionPriors()), scoring: .softmax)
  }

  /// torchvision's `ssd300_vgg16`.
  public static func torchvisionVGG16(
    widthMultiplier: Double = 1, classes: Int = 91
  ) -> SSDLiteSpecification {
    SSDLiteSpecification(
      backbone: .vgg16, widthMultiplier: widthMultiplier, classes: classes, inputHeight: 300,
      inputWidth: 300, padding: .even, extraChannels: [], style: .full,
      priors: .torchvision(.vgg16), scoring: .softmax)
  }

  /// The detector of the MobileNet papers with TensorFlow's conventions: SAME padding, its priors
  /// and order of codes, sigmoid scores.
  public static func tensorFlow(
    backbone: BackboneKind, widthMultiplier: Double = 1, classes: Int = 91, inputHeight: Int = 300,
    inputWidth: Int = 300, style: SSDStyle = .separable
  ) -> SSDLiteSpecification {
    SSDLiteSpecification(
      backbone: backbone, widthMultiplier: widthMultiplier, classes: classes,
      inputHeight: inputHeight, inputWidth: inputWidth, padding: .same, style: style,
      priors: .tensorFlow(TensorFlowPriors()), boxCoder: BoxCoder(order: .yxFirst),
      scoring: .sigmoid)
  }
}
