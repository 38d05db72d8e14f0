internal import SSDLite
internal import ArgumentParser
internal import Backbone
internal import ModelImport
internal import Models
internal import Output

/// An architecture, for use without a model file.
struct NetworkOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Width multiplier of the network.", valueName: "factor"))
  var width: Double?

  @Option(
    help: ArgumentHelp("Number of classes, including a detector's background.", valueName: "n"))
  var classes: Int?

  @Option(
    help: ArgumentHelp(
      "Input size in pixels: one side for both, or WIDTHxHEIGHT.", valueName: "pixels"))
  var size: InputSize?

  @Option(help: "Padding of strided layers: even as in PyTorch, or same as in TensorFlow.")
  var padding: PaddingConvention?

  /// Rejects these options for `model`, which has a network of its own.
  ///
  /// - Throws: `ProgramError` that names one of them.
  func refuse(beside model: String) throws {
    let given = [
      ("--width", width != nil), ("--classes", classes != nil), ("--size", size != nil),
      ("--padding", padding != nil),
    ]
    guard let (option, _) = given.first(where: { $0.1 }) else { return }
    throw ProgramError(
      .usage, "", "\(option) is for an architecture; the model '\(model)' has its own",
      remedy: "Leave out \(option), or name an architecture instead of a model")
  }

  /// The network that `name` and these options describe.
  func architecture(_ name: ImportArchitecture) -> ModelArchitecture {
    var network: ModelArchitecture =
      switch name {
      case .classifier(let backbone):
        .classifier(
          ClassifierSpecification(
            backbone: backbone, widthMultiplier: width ?? 1, classes: classes ?? 1000,
            inputHeight: backbone.inputSide, inputWidth: backbone.inputSide))
      case .ssdlite320MobileNetV3Large:
        .detector(.torchvisionMobileNetV3Large(widthMultiplier: width ?? 1, classes: classes ?? 91))
      case .ssd300VGG16:
        .detector(.torchvisionVGG16(widthMultiplier: width ?? 1, classes: classes ?? 91))
      case .lrasppMobileNetV3Large:
        .segmenter(SegmenterSpecification(widthMultiplier: width ?? 1, classes: classes ?? 21))
      case .ssd(let style, let backbone):
        .detector(
          .tensorFlow(
            backbone: backbone, widthMultiplier: width ?? 1, classes: classes ?? 91, style: style))
      }
    if let size { network = network.resized(height: size.height, width: size.width) }
    return padding.map { network.padded($0) } ?? network
  }
}

extension ModelArchitecture {
  /// The same network with another padding convention.
  fileprivate func padded(_ padding: PaddingConvention) -> ModelArchitecture {
    switch self {
    case .classifier(var specification):
      specification.padding = padding
      return .classifier(specification)
    case .detector(var specification):
      specification.padding = padding
      return .detector(specification)
    case .segmenter(var specification):
      specification.padding = padding
      return .segmenter(specification)
    case .graph: return self
    }
  }
}

/// `300` or `640x360`.
struct InputSize: ExpressibleByArgument {
  var width: Int
  var height: Int

  init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(sides.count), let first = sides[0], first > 0,
      let last = sides[sides.count - 1], last > 0
    else { return nil }
    (width, height) = (first, last)
  }
}
