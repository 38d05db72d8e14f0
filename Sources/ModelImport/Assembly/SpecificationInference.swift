internal import Models
internal import Backbone
internal import SSDLite

/// Finds the specification whose graph matches the tensors of a file.
struct SpecificationInference {
  private let source: ImportSource
  private let request: ImportRequest

  /// A specification, and how the file matches it.
  struct Fit {
    var kind: ImportArchitecture
    var architecture: ModelArchitecture
    var assembly: WeightAssembly
  }

  init(_ source: ImportSource, _ request: ImportRequest) {
    self.source = source
    self.request = request
  }

  /// The specification that fits best.
  ///
  /// - Throws: ``ModelFileError``, which says what does not match.
  func run() throws(ModelFileError) -> Fit {
    if let kind = request.architecture ?? source.facts.architecture {
      return try complete(try best(kind))
    }
    var nearest: Fit?
    for kind in ImportArchitecture.allCases where isPlausible(kind) {
      guard let fit = try? best(kind) else { continue }
      if fit.assembly.problems.isEmpty { return fit }
      if fit.assembly.problems.count < nearest?.assembly.problems.count ?? .max { nearest = fit }
    }
    var message = "The tensors match none of the known networks."
    if let nearest, let problem = nearest.assembly.problems.first {
      message =
        "The tensors match no known network; the closest is \(nearest.kind.rawValue), but: "
        + problem.message
    }
    throw ModelFileError(
      .invalidOption, path: source.path, message: message,
      remedy: "Name the network with --architecture; \"models import --help\" lists them.")
  }

  /// Whether the file has heads if the network has, and of the same style; this saves building
  /// hundreds of graphs.
  private func isPlausible(_ kind: ImportArchitecture) -> Bool {
    let isSegmenter = source.tensors["classifier.low_classifier.weight"] != nil
    guard kind.isSegmenter == isSegmenter else { return false }
    let hasHeads = source.tensors.keys.contains { $0.hasPrefix("head.") }
    guard kind.isDetector, hasHeads else { return kind.isDetector == hasHeads }
    let hasSeparableHeads =
      source.tensors["head.classification_head.module_list.0.1.weight"] != nil
    let hasSeparableExtras = source.tensors["backbone.extra.0.2.0.weight"] != nil
    return (kind.style == .separable) == hasSeparableHeads
      && kind.style.hasSeparableExtras == hasSeparableExtras
  }

  /// Returns `fit`, or throws its first problem.
  private func complete(_ fit: Fit) throws(ModelFileError) -> Fit {
    guard let problem = fit.assembly.problems.first else { return fit }
    let more = fit.assembly.problems.count - 1
    throw ModelFileError(
      problem.code, path: source.path,
      message: problem.message + (more > 0 ? " There are \(more) more such problems." : ""),
      remedy: "Check that the weights are those of \(fit.kind.rawValue), and --width and --classes."
    )
  }

  /// The width multiplier and the tail with the fewest problems.
  private func best(_ kind: ImportArchitecture) throws(ModelFileError) -> Fit {
    var best: Fit?
    for reducedTail in kind.reducedTails {
      for width in widths(kind) {
        let architecture =
          kind.isDetector
          ? ModelArchitecture.detector(try detector(kind, width, reducedTail))
          : kind.isSegmenter
            ? .segmenter(segmenter(kind, width))
            : .classifier(classifier(kind, width))
        do {
          let assembly = WeightAssembly(try architecture.graph(), source.tensors)
          let fit = Fit(kind: kind, architecture: architecture, assembly: assembly)
          if assembly.problems.isEmpty { return fit }
          if assembly.problems.count < best?.assembly.problems.count ?? .max { best = fit }
        } catch {
          throw invalid(error.description)
        }
      }
    }
    guard let best else { throw invalid("The network has no width multiplier to try.") }
    return best
  }

  /// The possible width multipliers, the most common one first.
  private func widths(_ kind: ImportArchitecture) -> [Double] {
    if let width = request.width { return [width] }
    if let widths = kind.backbone.widths { return widths }
    guard kind.backbone.hasScaledReleases else { return [1] }
    return [1] + (2...40).map { Double($0) / 20 }.filter { $0 != 1 }
  }

  private func classifier(_ kind: ImportArchitecture, _ width: Double) -> ClassifierSpecification {
    let last = [
      "classifier.weight", "classifier.6.weight", "classifier.3.weight", "classifier.1.weight",
      "fc.weight",
      "classifier.0.weight",
    ].lazy.compactMap { source.tensors[$0]?.shape.first }.first
    let size = inputSize(kind)
    return ClassifierSpecification(
      backbone: kind.backbone, widthMultiplier: width, classes: request.classes ?? last ?? 1000,
      inputHeight: size.height, inputWidth: size.width,
      padding: request.padding ?? source.facts.padding ?? .even,
      classifierPadding: source.facts.windows["classifier.1"]?.pad ?? 0)
  }

  private func segmenter(_ kind: ImportArchitecture, _ width: Double) -> SegmenterSpecification {
    let size = inputSize(kind)
    let last = source.tensors["classifier.low_classifier.weight"]?.shape.first
    return SegmenterSpecification(
      backbone: kind.backbone, widthMultiplier: width, classes: request.classes ?? last ?? 21,
      inputHeight: size.height, inputWidth: size.width,
      padding: request.padding ?? source.facts.padding ?? .even)
  }

  private func detector(
    _ kind: ImportArchitecture, _ width: Double, _ reducedTail: Bool
  ) throws(ModelFileError) -> SSDLiteSpecification {
    let perCell = priorsPerCell()
    let logits = headChannels("classification_head", map: 0) ?? 0
    let classes = request.classes ?? (perCell.first.map { $0 > 0 ? logits / $0 : 0 } ?? 91)
    let extras = (0..<8).map { index in
      [2, 1].lazy.compactMap { layer in
        source.tensors["backbone.extra.\(index).\(layer).0.weight"]?.shape.first
      }.first
    }.prefix { $0 != nil }.compactMap(\.self)
    let size = inputSize(kind)
    if kind == .ssd300VGG16 {
      var specification = SSDLiteSpecification.torchvisionVGG16(
        widthMultiplier: width, classes: classes)
      (specification.inputHeight, specification.inputWidth) = size
      return specification
    }
    let (priors, coder) = priors(kind, perCell, side: size.height)
    return SSDLiteSpecification(
      backbone: kind.backbone, widthMultiplier: width, reducedTail: reducedTail, classes: classes,
      inputHeight: size.height, inputWidth: size.width,
      padding: request.padding ?? source.facts.padding ?? .even,
      extraChannels: extras.isEmpty ? nil : extras, style: kind.style, priors: priors,
      boxCoder: coder, scoring: request.scoring ?? source.facts.scoring ?? .softmax)
  }

  private func inputSize(_ kind: ImportArchitecture) -> (height: Int, width: Int) {
    request.inputSize ?? source.facts.inputSize ?? (kind.inputSide, kind.inputSide)
  }

  /// Number of priors per cell of each map, from the outputs of the regression heads.
  private func priorsPerCell() -> [Int] {
    (0..<16).map { headChannels("regression_head", map: $0) }.prefix { $0 != nil }
      .compactMap { $0.map { $0 / 4 } }
  }

  /// Output channels of the last layer of a head on one map.
  private func headChannels(_ head: String, map: Int) -> Int? {
    // The last of two layers, or the only one.
    [".1", ""].lazy.compactMap { layer in
      source.tensors["head.\(head).module_list.\(map)\(layer).weight"]?.shape.first
    }.first
  }

  /// The priors, and the matching order of the regression codes.
  private func priors(
    _ kind: ImportArchitecture, _ perCell: [Int], side: Int
  ) -> (PriorSpecification, BoxCoder) {
    if request.priors == nil, let priors = source.facts.priors {
      return (priors, source.facts.boxCoder ?? BoxCoder())
    }
    // torchvision gives every map six priors; TensorFlow and Caffe give the first one three.
    let standard: PriorRule =
      kind == .ssdlite320MobileNetV3Large || perCell.first == 6 ? .torchvision : .tensorflow
    let maps = perCell.isEmpty ? 6 : perCell.count
    switch request.priors ?? standard {
    case .torchvision:
      let ratios = [[Double]](repeating: [2, 3], count: maps)
      return (.torchvision(TorchvisionPriors(aspectRatios: ratios)), BoxCoder())
    case .tensorflow:
      let rule = TensorFlowPriors(maps: maps, reducesFirstMap: perCell.first ?? 3 == 3)
      return (.tensorFlow(rule), BoxCoder(order: .yxFirst))
    case .caffe:
      return (.caffe(.mobileNet(input: side)), BoxCoder())
    }
  }

  private func invalid(_ message: String) -> ModelFileError {
    ModelFileError(
      .invalidOption, path: source.path, message: message,
      remedy: "Check --architecture, --width, --classes, --size and --priors.")
  }
}
