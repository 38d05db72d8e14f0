import Foundation
import Media
import ModelImport
import Pictures
import Pipeline
import SSDLite
import TestSupport
import Testing
@testable import Models
@testable import Layers

/// The detector that ncnn's tools quantised, with the scales that it has of its own.
@Suite(
  .requires(.shared), .timeLimit(.minutes(20)))
struct NCNNIntegerTests {
  @Test("ncnn's 8-bit detector runs in integers as it is, and finds what its weights find in FP32")
  func agreement() throws {
    let shared = try #require(sharedFolder)
    let folder = try TemporaryFolder()
    let model = try Importer.run(
      ImportRequest(
        path: shared.appending(
          path: "models/ssdlite_mobilenet_v2_voc20/ncnn/mobilenetv2_ssdlite_voc.param"
        ).path, output: folder.path + "/voc.safetensors"))
    let quantization = try #require(model.description.quantization)
    // ReLU6 is before most layers; ncnn's threshold is never above it by much.
    let first = try #require(quantization.activations["backbone.features.0.2.conv.0.0"])
    #expect(first.minimum == 0 && first.maximum > 1 && first.maximum <= 6)
    let linear = try #require(quantization.activations["backbone.features.0.2.conv.2"])
    #expect(linear.minimum == -linear.maximum)

    let options = DetectionOptions(
      scoreThreshold: 0.25, iouThreshold: model.description.iouThreshold)
    let exact = try model.makeDetector().makeWorker(options: options)
    let integers = try model.makeDetector(precision: .int8).makeWorker(options: options)
    var agreement = DetectionAgreement()
    let scaler = Scaler()
    let image = RGBImage(width: 300, height: 300)
    let sources = try SourceList.expand([shared.appending(path: "media/images").path])
    for source in sources {
      let reader = try VideoReader(
        source.location, options: InputOptions(), cancellation: Cancellation())
      guard let frame = try reader.next() else { continue }
      try scaler.scale(frame, into: image)
      image.withPixels { pixels in
        agreement.add(
          reference: exact.detect(rgb: pixels), other: integers.detect(rgb: pixels),
          threshold: 0.5)
      }
    }
    print(
      "ncnn's scales: \(agreement.matched) of \(agreement.expected) objects found again, "
        + "scores \(agreement.meanScoreChange) apart")
    #expect(agreement.expected >= 10)
    #expect(agreement.share >= 0.8)
    #expect(agreement.meanScoreChange < 0.06)
  }
}
