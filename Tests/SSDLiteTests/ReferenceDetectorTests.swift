import Backbone
import Layers
import SSDLite
import TestSupport
import Testing
@testable import Geometry

/// The detectors compared with PyTorch's: feature maps, raw outputs and final detections.
@Suite(.requires(.shared))
struct ReferenceDetectorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let folder: String
    let input: String
    let specification: SSDLiteSpecification
    var testDescription: String { folder }
  }

  static let cases = [
    Case(
      folder: "ssdlite320_mobilenet_v3_large", input: "image1_input",
      specification: .torchvisionMobileNetV3Large()),
    Case(
      folder: "mobilenet_v2_ssdlite300_voc", input: "input", specification: mobileNetV2),
  ]

  /// PyTorch's padding with TensorFlow's priors and order of codes, scored with a softmax.
  static let mobileNetV2 = SSDLiteSpecification(
    backbone: .mobileNetV2, classes: 21, inputHeight: 300, inputWidth: 300, padding: .even,
    priors: .tensorFlow(TensorFlowPriors()), boxCoder: BoxCoder(order: .yxFirst),
    scoring: .softmax)

  @Test(
    "every feature map and the raw outputs match PyTorch's", arguments: cases,
    InstructionSet.allCases.filter(\.isAvailable))
  func featureMaps(_ test: Case, isa: InstructionSet) throws {
    let reference = try ReferenceFolder(test.folder)
    let network = try Network(
      graph: test.specification.graph(), isa: isa, keepsTaps: true,
      weights: FoldedWeights(reference.weights, epsilon: 1e-3).callAsFunction)
    let session = network.makeSession()
    session.run(planar: try reference.floats(test.input))

    let maps = reference.io.names.filter { $0.hasPrefix("feat.") }
    #expect(maps.count >= 5)
    for map in maps {
      let actual = try #require(session.tap(String(map.dropFirst(5))), "no tap for \(map)")
      let difference = Difference(map, actual, try reference.floats(map))
      #expect(difference.isWithin, "\(difference)")
    }
    for output in ["cls_logits", "bbox_regression"] {
      let difference = Difference(output, session.output(output), try reference.floats(output))
      #expect(difference.isWithin, "\(difference)")
    }
  }

  @Test("the graph needs exactly the tensors of the weight file", arguments: cases)
  func tensorNames(_ test: Case) throws {
    let file = try ReferenceFolder(test.folder).weights
    let needed = try test.specification.graph().nodes.compactMap { node in
      node.weightShape.map { (name: "\(node.name).weight", shape: $0) }
    }
    let convolutions = file.names.filter { file.tensor($0)?.shape.count == 4 }
    #expect(Set(needed.map(\.name)) == Set(convolutions))
    for (name, shape) in needed {
      #expect(try #require(file.tensor(name)).shape == shape, "\(name)")
    }
  }

  @Test("torchvision's raw output gives its detections")
  func torchvisionDetections() throws {
    let reference = try ReferenceFolder("ssdlite320_mobilenet_v3_large")
    let logits = try reference.floats("cls_logits")
    let codes = try reference.floats("bbox_regression")
    let detections = try postprocess(
      Self.cases[0].specification, logits, codes,
      DetectionOptions(scoreThreshold: 0.001, iouThreshold: 0.55))
    try expectSame(
      detections, reference.detections("det1", scaledBy: (320, 320)), limit: 300)
  }

  @Test("the pixels of an image of another shape give torchvision's detections")
  func torchvisionWide() throws {
    let reference = try ReferenceFolder("ssdlite320_mobilenet_v3_large")
    let detector = try Detector(
      specification: Self.cases[0].specification, normalization: .signedUnit,
      weights: FoldedWeights(reference.weights, epsilon: 1e-3).callAsFunction)
    let worker = detector.makeWorker(
      options: DetectionOptions(scoreThreshold: 0.001, iouThreshold: 0.55))
    worker.session.run(planar: try reference.floats("image2_input"))
    try expectSame(
      worker.postprocess(), reference.detections("det2", scaledBy: (480, 270)), limit: 300)
  }

  @Test("TensorFlow's raw output gives its detections")
  func tensorFlowDetections() throws {
    let reference = try ReferenceFolder("mobilenet_v2_ssdlite300_voc")
    let detections = try postprocess(
      Self.mobileNetV2, try reference.floats("cls_logits"),
      try reference.floats("bbox_regression"),
      DetectionOptions(
        scoreThreshold: 0.05, iouThreshold: 0.6, maximumDetections: 100, topKPerClass: 100))
    let expected = try reference.detections("det", scaledBy: (1, 1)).map {
      Detection(classID: $0.classID, score: $0.score, box: $0.box.transposed)
    }
    try expectSame(detections, expected, limit: 100)
  }

  private func postprocess(
    _ specification: SSDLiteSpecification, _ logits: [Float], _ codes: [Float],
    _ options: DetectionOptions
  ) throws -> [Detection] {
    let priors = try specification.makePriors()
    var postprocessor = Postprocessor(
      specification: specification, priors: priors, options: options)
    let first = postprocessor.detections(logits: logits.span, codes: codes.span)
    let second = postprocessor.detections(logits: logits.span, codes: codes.span)
    #expect(first == second, "the first frame does not affect the second")
    return first
  }

  /// Compares as sets.
  ///
  /// The reference keeps boxes without area, which count towards its limit; we drop them.
  private func expectSame(
    _ actual: [Detection], _ expected: [Detection], limit: Int
  ) throws {
    #expect(expected.count == limit)
    #expect(actual.count == limit)
    let lowest = try #require(expected.last?.score)
    let relevant = actual.filter { $0.score > lowest + 1e-5 }
    let visible = expected.filter { !$0.box.isEmpty }
    #expect(visible.count > limit / 2)
    for detection in visible where detection.score > lowest + 1e-5 {
      #expect(relevant.contains { isSame($0, detection) }, "missing: \(detection)")
    }
    for detection in relevant {
      #expect(visible.contains { isSame($0, detection) }, "unexpected: \(detection)")
    }
  }

  private func isSame(_ a: Detection, _ b: Detection) -> Bool {
    a.classID == b.classID && abs(a.score - b.score) < 5e-5
      && zip(corners([a.box]), corners([b.box])).allSatisfy { abs($0 - $1) < 1e-4 }
  }
}

extension SSDLiteSpecification {
  /// The priors for the network's own feature maps.
  func makePriors() throws -> [CenterBox] {
    priors.priors(maps: try mapSizes(), inputHeight: inputHeight, inputWidth: inputWidth)
  }
}

extension ReferenceFolder {
  /// Stored detections, boxes divided by the image's size.
  fileprivate func detections(
    _ name: String, scaledBy size: (width: Float, height: Float)
  ) throws -> [Detection] {
    let labels = try floats("\(name).labels")
    let scores = try floats("\(name).scores")
    return boxes(try floats("\(name).boxes")).enumerated().map {
      Detection(
        classID: Int(labels[$0]), score: scores[$0],
        box: $1.scaled(x: 1 / size.width, y: 1 / size.height))
    }
  }
}
