import Foundation
import Geometry
import ModelImport
import Output
import Pipeline
import SSDLite
import StreamDetect
import TestSupport
import Testing
@testable import Layers

/// The trained VOC detector through the whole path: import, FFmpeg, scaler, network, suppression.
@Suite(
  .requires(.shared), .timeLimit(.minutes(20)))
struct VOCDetectorTests {
  private struct Listed: Decodable {
    struct Object: Decodable {
      let label: String
      let score: Float
      let box_xyxy: [Float]
    }
    let size: [Float]
    let detections: [Object]
  }

  @Test("what the reference program lists with a score of 0.6 or more is found in each image")
  func listedObjects() async throws {
    let shared = try #require(sharedFolder)
    let model = shared.appending(path: "models/ssdlite_mobilenet_v2_voc20")
    let folder = try TemporaryFolder()
    let imported = folder.path + "/voc.safetensors"
    _ = try Importer.run(
      ImportRequest(path: model.appending(path: "weights.safetensors").path, output: imported))
    let detector = try StreamDetector(modelPath: imported)

    let listed = try JSONDecoder().decode(
      [String: Listed].self, from: Data(contentsOf: model.appending(path: "detections.json")))
    var looked = 0
    let images = try SourceList.expand([shared.appending(path: "media/images").path])
    for try await result in detector.results(of: images) {
      let image = URL(filePath: result.source).deletingPathExtension().lastPathComponent
      guard let listed = listed[image] else { continue }
      looked += 1
      #expect([Float(result.width), Float(result.height)] == listed.size)
      for object in listed.detections where object.score >= 0.6 {
        let best = result.detections.filter { detector.label(of: $0) == object.label }
          .max { overlap($0.box, object, listed.size) < overlap($1.box, object, listed.size) }
        let found = try #require(best, "\(image): no \(object.label)")
        let iou = overlap(found.box, object, listed.size)
        #expect(iou >= 0.9, "\(image): \(object.label) overlaps by \(iou)")
        #expect(
          abs(found.score - object.score) <= 0.1,
          "\(image): \(object.label) has \(found.score), listed is \(object.score)")
      }
    }
    #expect(looked == listed.count)
  }

  @Test(
    "in bfloat16 99 of 100 objects of the default model on real images are found where FP32 has them"
  )
  func agreement() async throws {
    let shared = try #require(sharedFolder)
    let images = try ["media/images", "data/traffic_dash/images"].flatMap { folder in
      try SourceList.expand([shared.appending(path: folder).path]).prefix(10)
    }
    let (exact, rounded) = (try StreamDetector(), try StreamDetector(precision: .bf16))
    var options = exact.recommendedOptions
    options.detection.scoreThreshold = 0.25
    var reference: [String: [Detection]] = [:]
    for try await result in exact.results(of: images, options: options) {
      reference[result.source] = result.detections
    }
    var agreement = DetectionAgreement(iouThreshold: 0.9)
    for try await result in rounded.results(of: images, options: options) {
      agreement.add(
        reference: reference[result.source] ?? [], other: result.detections, threshold: 0.5)
    }
    #expect(agreement.expected >= 30)
    #expect(agreement.share >= 0.99, "\(agreement.matched) of \(agreement.expected)")
    #expect(agreement.meanScoreChange <= 0.015, "\(agreement.meanScoreChange)")
  }

  /// Intersection over union; the list's boxes may reach over the edge.
  private func overlap(_ box: BoundingBox, _ object: Listed.Object, _ size: [Float]) -> Float {
    let listed = zip(object.box_xyxy, size + size).map { min(max($0 / $1, 0), 1) }
    let width = min(box.xMax, listed[2]) - max(box.xMin, listed[0])
    let height = min(box.yMax, listed[3]) - max(box.yMin, listed[1])
    let common = max(width, 0) * max(height, 0)
    let areas =
      (box.xMax - box.xMin) * (box.yMax - box.yMin)
      + (listed[2] - listed[0]) * (listed[3] - listed[1])
    return common / (areas - common)
  }
}
