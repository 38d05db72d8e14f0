import Foundation
import Backbone
import Layers
import Models
import TestSupport
@testable import SSDLite

/// Model files with random weights, small enough for a debug build.
enum TinyModel {
  /// A detector of two classes, `person` and `traffic light`, for 64 x 64 pixels.
  static let detector = make("detector", labels: ["background", "person", "traffic light"]) {
    .detector(
      .tensorFlow(
        backbone: .mobileNetV2, widthMultiplier: 0.25, classes: 3, inputHeight: 64, inputWidth: 64))
  }

  /// Another one of the same form and name, with other weights.
  static let otherDetector = make(
    "other", labels: ["background", "person", "traffic light"], seed: 8
  ) {
    .detector(
      .tensorFlow(
        backbone: .mobileNetV2, widthMultiplier: 0.25, classes: 3, inputHeight: 64, inputWidth: 64))
  }

  /// A classifier of three classes for 64 x 64 pixels.
  static let classifier = make("classifier", labels: ["cat", "dog", "bird"]) {
    .classifier(
      ClassifierSpecification(
        backbone: .mobileNetV2, widthMultiplier: 0.25, classes: 3, inputHeight: 64, inputWidth: 64))
  }

  /// A segmenter of three classes for 64 x 64 pixels.
  static let segmenter = make("segmenter", labels: ["background", "cat", "dog"]) {
    .segmenter(
      SegmenterSpecification(widthMultiplier: 0.25, classes: 3, inputHeight: 64, inputWidth: 64))
  }

  /// Writes the model once for all tests and returns its path.
  private static func make(
    _ name: String, labels: [String], seed: UInt64 = 7, _ architecture: () -> ModelArchitecture
  ) -> String {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "tiny-\(name)-\(ProcessInfo.processInfo.processIdentifier).safetensors").path
    let architecture = architecture()
    do {
      var random = SplitMix64(seed: seed)
      let tensors = try architecture.graph().nodes.flatMap { node -> [WritableTensor] in
        guard let shape = node.weightShape else { return [] }
        return [
          tensor("\(node.name).weight", shape, &random),
          tensor("\(node.name).bias", [shape[0]], &random),
        ]
      }
      let description = ModelDescription(
        name: "tiny", architecture: architecture, labels: labels, normalization: .signedUnit,
        scoreThreshold: 0.6, iouThreshold: 0.45, license: "none")
      try ModelFile.write(to: path, description, tensors: tensors)
    } catch {
      preconditionFailure("\(error)")
    }
    return path
  }

  private static func tensor(
    _ name: String, _ shape: [Int], _ random: inout SplitMix64
  ) -> WritableTensor {
    let fanIn = max(shape.dropFirst().reduce(1, *), 1)
    let bound = shape.count == 1 ? 0.1 : (6 / Float(fanIn)).squareRoot()
    let values = (0..<shape.reduce(1, *)).map { _ in
      Float.random(in: -bound...bound, using: &random)
    }
    return WritableTensor(name: name, shape: shape, values)
  }
}
