import Backbone
import Foundation
import SSDLite
import TestSupport
import Testing
@testable import Geometry

/// The trained VOC detector's raw output, compared with its reference program's detections.
@Suite(.requires(.shared))
struct VOCModelTests {
  static let specification = SSDLiteSpecification(
    backbone: .mobileNetV2, classes: 21, inputHeight: 300, inputWidth: 300, padding: .same,
    priors: .caffe(.mobileNet()), scoring: .sigmoid)

  private struct Listed: Decodable {
    struct Object: Decodable {
      let label: String
      let score: Float
      let box_xyxy: [Float]
    }
    let size: [Float]
    let detections: [Object]
  }

  @Test("the listed objects are found, and nothing else", arguments: ["000456", "bicycle"])
  func listedObjects(image: String) throws {
    let folder = try #require(sharedFolder).appending(path: "models/ssdlite_mobilenet_v2_voc20")
    let labels = try JSONDecoder().decode(
      [String].self, from: Data(contentsOf: folder.appending(path: "labels.json")))
    let listed = try #require(
      JSONDecoder().decode(
        [String: Listed].self, from: Data(contentsOf: folder.appending(path: "detections.json"))
      )[image])
    let io = try vocModelIO()
    let logits = try io.floats("\(image).class_logits")
    let codes = try io.floats("\(image).box_regression")
    var postprocessor = Postprocessor(
      specification: Self.specification, priors: try Self.specification.makePriors(),
      options: DetectionOptions(scoreThreshold: 0.5, iouThreshold: 0.45))
    let found = postprocessor.detections(logits: logits.span, codes: codes.span)

    #expect(found.map { labels[$0.classID] } == listed.detections.map(\.label))
    for (detection, object) in zip(found, listed.detections) {
      #expect(abs(detection.score - object.score) <= 1e-4)
      // The listed boxes are not clipped.
      let expected = boxes(object.box_xyxy)[0]
        .scaled(x: 1 / listed.size[0], y: 1 / listed.size[1]).clipped
      let difference = Difference(
        object.label, corners([detection.box]), corners([expected]), absolute: 0.06 / 353,
        relative: 0)
      #expect(difference.isWithin, "\(difference)")
    }
  }
}
