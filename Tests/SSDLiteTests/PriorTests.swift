import Backbone
import Foundation
import SSDLite
import TestSupport
import Testing
@testable import Geometry

@Suite struct PriorTests {
  static let square300 = [19, 10, 5, 3, 2, 1].map { (height: $0, width: $0) }
  static let rules: [PriorSpecification] = [
    .torchvision(TorchvisionPriors()), .tensorFlow(TensorFlowPriors()),
    .caffe(.mobileNet()),
    .torchvision(
      TorchvisionPriors(aspectRatios: [[2], [2, 3], [], [2, 3, 4], [2], [2]], clipsSizes: false)),
    .tensorFlow(TensorFlowPriors(addsInterpolatedScale: false, reducesFirstMap: false)),
    .caffe(clippedCaffe),
  ]

  static let clippedCaffe = CaffePriors(
    maps: (1...6).map { (map: Int) -> CaffePriorMap in
      CaffePriorMap(
        minimumSizes: [10, 20 * Double(map)], maximumSizes: [15, 30 * Double(map)],
        aspectRatios: [1, 2], flips: map.isMultiple(of: 2), step: map == 3 ? 16 : nil)
    }, offset: 0.25, clips: true)

  @Test(
    "torchvision's priors match those of its own generator",
    .requires(.shared))
  func torchvision() throws {
    let expected = try referenceIO("anchors_nms").floats("ssdlite320.anchors_xyxy")
    let maps = [20, 10, 5, 3, 2, 1].map { (height: $0, width: $0) }
    let priors = PriorSpecification.torchvision(TorchvisionPriors())
      .priors(maps: maps, inputHeight: 320, inputWidth: 320)
    let actual = priors.map { $0.corners.scaled(x: 320, y: 320) }
    let difference = Difference("priors", corners(actual), expected, absolute: 1e-4)
    #expect(difference.isWithin, "\(difference)")
  }

  @Test(
    "TensorFlow's priors match those of its API",
    .requires(.shared))
  func tensorFlow() throws {
    let expected = try referenceIO("mobilenet_v2_ssdlite300_voc").floats("anchors_tf")
    let priors = PriorSpecification.tensorFlow(TensorFlowPriors())
      .priors(maps: Self.square300, inputHeight: 300, inputWidth: 300)
    let difference = Difference(
      "priors", corners(priors.map(\.corners.transposed)), expected, absolute: 1e-6, relative: 0)
    #expect(difference.isWithin, "\(difference)")
  }

  @Test(
    "Caffe's priors match those of the VOC model",
    .requires(.shared))
  func caffe() throws {
    let expected = try vocModelIO().floats("anchors_cxcywh")
    let priors = PriorSpecification.caffe(.mobileNet())
      .priors(maps: Self.square300, inputHeight: 300, inputWidth: 300)
    let actual = priors.flatMap { [$0.cx, $0.cy, $0.width, $0.height] }
    let difference = Difference("priors", actual, expected, absolute: 1e-6, relative: 0)
    #expect(difference.isWithin, "\(difference)")
  }

  @Test("the number of priors is the sum over all maps of cells times priors per cell")
  func counts() {
    for rule in Self.rules {
      let sizes = [(7, 9), (4, 5), (2, 3), (1, 2), (1, 1), (1, 1)].map {
        (height: $0.0, width: $0.1)
      }
      let priors = rule.priors(maps: sizes, inputHeight: 112, inputWidth: 144)
      let expected = sizes.enumerated().reduce(0) {
        $0 + rule.priorsPerCell(map: $1.offset) * $1.element.height * $1.element.width
      }
      #expect(priors.count == expected)
      #expect(priors.allSatisfy { $0.width > 0 && $0.height > 0 })
      #expect(priors.allSatisfy { (0...1).contains($0.cx) && (0...1).contains($0.cy) })
    }
  }

  @Test("TensorFlow's squares are square in pixels on a wide input")
  func squareInPixels() {
    let priors = PriorSpecification.tensorFlow(TensorFlowPriors())
      .priors(maps: Self.square300, inputHeight: 200, inputWidth: 400)
    let square = priors[0]
    #expect(abs(square.width * 400 - 0.1 * 200) < 1e-4)
    #expect(abs(square.height * 200 - 0.1 * 200) < 1e-4)
  }

  @Test("Caffe's step and offset determine the centres")
  func stepAndOffset() {
    let map = CaffePriorMap(minimumSizes: [30], step: 16)
    let priors = PriorSpecification.caffe(CaffePriors(maps: [map], offset: 0.25))
      .priors(maps: [(height: 2, width: 3)], inputHeight: 32, inputWidth: 64)
    #expect(priors.map { $0.cx * 64 } == [4, 20, 36, 4, 20, 36])
    #expect(priors.map { $0.cy * 32 } == [4, 4, 4, 20, 20, 20])
    #expect(priors.allSatisfy { $0.width * 64 == 30 && $0.height * 32 == 30 })
  }

  @Test("clipped Caffe priors are inside the input")
  func clipped() throws {
    let priors = PriorSpecification.caffe(Self.clippedCaffe).priors(
      maps: Self.square300, inputHeight: 300, inputWidth: 300)
    for prior in priors {
      let box = prior.corners
      #expect(
        box.xMin >= -1e-6 && box.yMin >= -1e-6 && box.xMax <= 1 + 1e-6 && box.yMax <= 1 + 1e-6)
    }
  }

  @Test("a rule is read back from its JSON, and an unknown one is rejected")
  func coding() throws {
    for rule in Self.rules {
      let data = try JSONEncoder().encode(rule)
      #expect(try JSONDecoder().decode(PriorSpecification.self, from: data) == rule)
    }
    for text in [#"{"rule":"yolo"}"#, "{}", #"{"rule":"torchvision"}"#, "[]", "null"] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(PriorSpecification.self, from: Data(text.utf8))
      }
    }
  }

  @Test("parameters that do not give valid boxes are rejected")
  func rejections() {
    let rejected: [PriorSpecification] = [
      .torchvision(TorchvisionPriors(minimumScale: .nan)),
      .torchvision(TorchvisionPriors(aspectRatios: Array(repeating: [0], count: 6))),
      .torchvision(TorchvisionPriors(aspectRatios: [])),
      .torchvision(TorchvisionPriors(aspectRatios: Array(repeating: [2], count: 5))),
      .torchvision(
        TorchvisionPriors(aspectRatios: Array(repeating: Array(repeating: 2, count: 40), count: 6))),
      .tensorFlow(TensorFlowPriors(maps: -1)), .tensorFlow(TensorFlowPriors(maps: .max)),
      .tensorFlow(TensorFlowPriors(maximumScale: .infinity)),
      .tensorFlow(TensorFlowPriors(aspectRatios: [])).withoutInterpolation,
      .caffe(CaffePriors(maps: Array(repeating: CaffePriorMap(minimumSizes: []), count: 6))),
      .caffe(
        CaffePriors(
          maps: Array(
            repeating: CaffePriorMap(minimumSizes: [1], maximumSizes: [2, 3]), count: 6))),
      .caffe(
        CaffePriors(
          maps: Array(repeating: CaffePriorMap(minimumSizes: [1], step: 0), count: 6))),
      .caffe(
        CaffePriors(
          maps: Array(repeating: CaffePriorMap(minimumSizes: [1]), count: 6), offset: .nan)),
    ]
    for priors in rejected {
      var specification = SSDLiteSpecification.tensorFlow(backbone: .mobileNetV2)
      specification.priors = priors
      #expect(throws: SpecificationError.self, "\(priors)") { try specification.graph() }
    }
  }
}

extension PriorSpecification {
  /// The same rule without TensorFlow's additional square.
  fileprivate var withoutInterpolation: PriorSpecification {
    guard case .tensorFlow(var rule) = self else { return self }
    rule.addsInterpolatedScale = false
    return .tensorFlow(rule)
  }
}
