import SSDLite
import Testing
@testable import Geometry

@Suite struct PostProcessingTests {
  static let maps320 = [20, 10, 5, 3, 2, 1].map { (height: $0, width: $0) }
  static let maps300 = [19, 10, 5, 3, 2, 1].map { (height: $0, width: $0) }
  static let mapsWide = [
    (height: 6, width: 8), (height: 3, width: 4), (height: 2, width: 2), (height: 1, width: 1),
    (height: 1, width: 1), (height: 1, width: 1),
  ]

  @Test(
    "each rule gives the reference's priors", arguments: ["torchvision", "tensorflow", "caffe"])
  func priors(rule: String) throws {
    let golden = try GoldenFile("priors")
    let specification: PriorSpecification =
      switch rule {
      case "torchvision": .torchvision(TorchvisionPriors())
      case "tensorflow": .tensorFlow(TensorFlowPriors())
      default: .caffe(.mobileNet())
      }
    let square =
      rule == "torchvision"
      ? specification.priors(maps: Self.maps320, inputHeight: 320, inputWidth: 320)
      : specification.priors(maps: Self.maps300, inputHeight: 300, inputWidth: 300)
    let wide = specification.priors(maps: Self.mapsWide, inputHeight: 96, inputWidth: 128)
    for (name, boxes) in [(rule, square), ("\(rule)_wide", wide)] {
      let numbers = boxes.flatMap { [$0.cx, $0.cy, $0.width, $0.height] }
      expectClose(
        numbers, try golden.floats(name), Tolerance(absolute: 1e-6, relative: 1e-6), name)
    }
  }

  @Test("priors with scales and steps of their own are the reference's")
  func ownSteps() throws {
    let maps = [(12, 16), (6, 8), (3, 4), (2, 2), (1, 1), (1, 1)].map {
      (height: $0.0, width: $0.1)
    }
    let priors = SSDLiteSpecification.torchvisionVGG16().priors.priors(
      maps: maps, inputHeight: 96, inputWidth: 128)
    expectClose(
      priors.flatMap { [$0.cx, $0.cy, $0.width, $0.height] },
      try GoldenFile("priors").floats("vgg16_wide"), Tolerance(absolute: 1e-6, relative: 1e-6),
      "vgg16_wide")
  }

  @Test("codes are decoded to the reference's boxes")
  func decode() throws {
    let golden = try GoldenFile("coder")
    let found = try zip(golden.rows("codes"), golden.rows("priors")).flatMap { code, prior in
      let box = BoxCoder().decode(
        BoxCode(x: code[0], y: code[1], width: code[2], height: code[3]),
        prior: CenterBox(cx: prior[0], cy: prior[1], width: prior[2], height: prior[3]))
      return [box.xMin, box.yMin, box.xMax, box.yMax]
    }
    expectClose(
      found, try golden.floats("decoded"), Tolerance(absolute: 1e-6, relative: 1e-5), "decoded")
  }

  @Test("suppression keeps the reference's rows, even with an overlap of exactly the threshold")
  func suppression() throws {
    let golden = try GoldenFile("suppression")
    let scores = try golden.floats("scores")
    let labels = try golden.floats("labels")
    let detections = try golden.rows("boxes").enumerated().map { row, edges in
      Detection(
        classID: Int(labels[row]), score: scores[row],
        box: BoundingBox(xMin: edges[0], yMin: edges[1], xMax: edges[2], yMax: edges[3]))
    }
    #expect(iou(detections[0].box, detections[1].box) == 0.5)
    for threshold: Float in [0.3, 0.5] {
      for (isClassAgnostic, name) in [(false, "kept_by_label"), (true, "kept_agnostic")] {
        var suppression = NonMaximumSuppression(
          iouThreshold: threshold, isClassAgnostic: isClassAgnostic)
        let expected = try golden.floats("\(name)_\(threshold)").map { Int($0) }
        #expect(suppression.keep(detections) == expected, "\(name) \(threshold)")
      }
    }
  }
}
