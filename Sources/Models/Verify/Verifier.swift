internal import Geometry
internal import Backbone
internal import Layers
internal import SSDLite

/// Compares a model's results with those of its original framework.
public struct Verifier {
  private let model: ModelFile
  private let options: VerificationOptions

  /// Creates a verifier for `model`.
  public init(_ model: ModelFile, options: VerificationOptions = VerificationOptions()) {
    self.model = model
    self.options = options
  }

  /// Runs every input of the reference file at `path` and compares every tensor that the model
  /// computes.
  ///
  /// Inputs are called `input`, `X.input`, `imageN_input` (normalised, `[1, 3, height, width]`) or
  /// `X.rgb` (bytes, `[height, width, 3]`). The tensors that are compared have the prefix of their
  /// input: `output`, `cls_logits` or `class_logits`, `bbox_regression` or `box_regression`,
  /// `feat.MODULE`, `decoded_tf`, `anchors_cxcywh`, `anchors_tf`, `anchors_xyxy`, and the outputs
  /// of an imported network. The network is built for the size of each input.
  ///
  /// - Throws: ``ModelFileError`` if the file cannot be read, or the model cannot run an input.
  public func compare(with path: String) throws -> Verification {
    let file = try converting { () throws(SafetensorsError) in try SafetensorsFile(path: path) }
    var reference = ReferenceFile(file, outputs: outputNames)
    var comparisons: [TensorComparison] = []
    for testCase in reference.cases {
      guard !testCase.expected.isEmpty else {
        reference.skip(testCase.input.name, "an input without expected tensors")
        continue
      }
      try run(testCase, path, &comparisons, &reference)
    }
    for (tensor, form) in reference.priors {
      if let found = try priors(form) {
        comparisons.append(TensorComparison.comparing(tensor, found: found, options))
      } else {
        reference.skip(tensor.name, "the model does not detect boxes")
      }
    }
    return Verification(
      comparisons: comparisons.sorted { $0.name < $1.name },
      skipped: reference.skipped.sorted { $0.name < $1.name })
  }

  /// The outputs of an imported network, which may have any name.
  private var outputNames: Set<String> {
    guard case .graph(let imported) = model.description.architecture else { return [] }
    return Set(imported.graph.outputs.map(\.name))
  }

  /// Runs the model on a seeded random input.
  ///
  /// - Throws: ``ModelFileError`` if the network cannot be built.
  public func selfCheck() throws -> [OutputRange] {
    let network = try model.makeNetwork(isa: options.isa)
    let session = network.makeSession()
    session.withInput { input in
      var state: UInt64 = 1
      for index in 0..<input.count {
        // Knuth's 64-bit linear congruential generator; the upper bits are the random ones.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        input[index] = Float(state >> 40) / Float(1 << 23) - 1
      }
    }
    session.run()
    return network.outputs.map { output in
      session.withOutput(output.name) { numbers in
        var (minimum, maximum, notFinite) = (Float.infinity, -Float.infinity, 0)
        for index in 0..<numbers.count {
          minimum = min(minimum, numbers[index])
          maximum = max(maximum, numbers[index])
          if !numbers[index].isFinite { notFinite += 1 }
        }
        return OutputRange(
          name: output.name, shape: output.shape, minimum: minimum,
          maximum: maximum, notFinite: notFinite)
      }
    }
  }

  // MARK: Cases

  private func run(
    _ testCase: ReferenceFile.Case, _ path: String, _ comparisons: inout [TensorComparison],
    _ reference: inout ReferenceFile
  ) throws {
    // Keeping feature maps prevents fusion, so the outputs come from a network that runs as usual.
    let session = try makeSession(testCase, path, keepsTaps: false)
    let hasFeatures = testCase.expected.contains {
      if case .feature = $0.quantity { true } else { false }
    }
    let tapped = hasFeatures ? try makeSession(testCase, path, keepsTaps: true) : nil
    for (tensor, quantity) in testCase.expected {
      let found: [Float]?
      let missing: String
      switch quantity {
      case .output(let name):
        found = numbers(name, session)
        missing = "the model has no output \(name)"
      case .feature(let name):
        found = tapped?.tap(name)
        missing = "the model has no feature map \(name)"
      case .decodedBoxes:
        found = try decodedBoxes(testCase, session)
        missing = "the model does not detect boxes"
      }
      if let found {
        comparisons.append(TensorComparison.comparing(tensor, found: found, options))
      } else {
        reference.skip(tensor.name, missing)
      }
    }
  }

  /// A session that has run the input.
  private func makeSession(
    _ testCase: ReferenceFile.Case, _ path: String, keepsTaps: Bool
  ) throws -> Session {
    let network: Network
    do {
      network = try model.makeNetwork(
        isa: options.isa, keepsTaps: keepsTaps, height: testCase.height, width: testCase.width)
    } catch let error as SpecificationError {
      throw ModelFileError(
        .invalidOption, path: path,
        message: "The model cannot run the input \(testCase.input.name): \(error.description)",
        remedy: "Check that the reference belongs to this model.")
    }
    let session = network.makeSession()
    if testCase.isPixels {
      let pixels = testCase.input.floats().map { UInt8($0) }
      session.setInput(rgb: pixels.span, model.description.normalization)
    } else {
      let numbers = testCase.input.floats()
      let area = testCase.height * testCase.width
      session.withInput { input in
        for pixel in 0..<area {
          for channel in 0..<3 { input[pixel * 3 + channel] = numbers[channel * area + pixel] }
        }
      }
    }
    session.run()
    return session
  }

  private func numbers(_ output: String, _ session: Session) -> [Float]? {
    guard session.network.outputs.contains(where: { $0.name == output }) else { return nil }
    return session.withOutput(output) { span in span.indices.map { span[$0] } }
  }

  // MARK: Boxes

  private func priors(
    of specification: SSDLiteSpecification
  ) throws(SpecificationError) -> [CenterBox] {
    specification.priors.priors(
      maps: try specification.mapSizes(), inputHeight: specification.inputHeight,
      inputWidth: specification.inputWidth)
  }

  private func priors(_ form: PriorForm) throws -> [Float]? {
    guard case .detector(let specification) = model.description.architecture else { return nil }
    let priors = try priors(of: specification)
    let (width, height) = (Float(specification.inputWidth), Float(specification.inputHeight))
    return priors.flatMap { prior -> [Float] in
      let box = prior.corners
      return switch form {
      case .centers: [prior.cx, prior.cy, prior.width, prior.height]
      case .tensorFlowCorners: [box.yMin, box.xMin, box.yMax, box.xMax]
      case .pixelCorners:
        [box.xMin * width, box.yMin * height, box.xMax * width, box.yMax * height]
      }
    }
  }

  /// The decoded box of each prior, not clipped, in TensorFlow's order of edges.
  private func decodedBoxes(_ testCase: ReferenceFile.Case, _ session: Session) throws -> [Float]? {
    let architecture = model.description.architecture.resized(
      height: testCase.height, width: testCase.width)
    guard case .detector(let specification) = architecture,
      let codes = numbers("bbox_regression", session)
    else { return nil }
    let coder = specification.boxCoder
    return try priors(of: specification).enumerated().flatMap { row, prior -> [Float] in
      let (a, b, c, d) = (
        codes[row * 4], codes[row * 4 + 1], codes[row * 4 + 2], codes[row * 4 + 3]
      )
      let code =
        switch coder.order {
        case .xyFirst: BoxCode(x: a, y: b, width: c, height: d)
        case .yxFirst: BoxCode(x: b, y: a, width: d, height: c)
        }
      let box = coder.decode(code, prior: prior)
      return [box.yMin, box.xMin, box.yMax, box.xMax]
    }
  }
}
