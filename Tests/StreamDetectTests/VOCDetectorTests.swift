import Foundation
import StreamDetect
import TestSupport
import Testing

/// The trained VOC detector through the whole path: import, FFmpeg, scaler, network, suppression.
@Suite(
  .requires(.shared), .timeLimit(.minutes(20)))
struct VOCDetectorTests {
  private struct Listed: Decodable {
    struct Object: Decodable {
      let label: String
      let score: Double
      let box_xyxy: [Double]
    }
    let size: [Int]
    let detections: [Object]
  }

  @Test("what the reference program lists with a score of 0.6 or more is found in each image")
  func listedObjects() async throws {
    let shared = try #require(sharedFolder)
    let model = shared.appending(path: "models/ssdlite_mobilenet_v2_voc20")
    let folder = try TemporaryFolder()
    let detector = try Detector(
      StoredModel.importing(
        model.appending(path: "weights.safetensors"),
        to: URL(filePath: folder.path + "/voc.safetensors")))

    let listed = try JSONDecoder().decode(
      [String: Listed].self, from: Data(contentsOf: model.appending(path: "detections.json")))
    var compared = 0
    let images = try Source.expanding([shared.appending(path: "media/images").path])
    for try await frame in detector.frames(of: images) {
      let image = URL(filePath: frame.source).deletingPathExtension().lastPathComponent
      guard let listed = listed[image] else { continue }
      compared += 1
      #expect([frame.width, frame.height] == listed.size)
      for object in listed.detections where object.score >= 0.6 {
        let best = frame.objects.filter { $0.label == object.label }
          .max { overlap($0.box, object, listed.size) < overlap($1.box, object, listed.size) }
        let found = try #require(best, "\(image): no \(object.label)")
        let iou = overlap(found.box, object, listed.size)
        #expect(iou >= 0.9, "\(image): \(object.label) overlaps by \(iou)")
        #expect(
          abs(found.confidence - object.score) <= 0.1,
          "\(image): \(object.label) has \(found.confidence), listed is \(object.score)")
      }
    }
    #expect(compared == listed.count)
  }

  @Test(
    "in bfloat16 99 of 100 objects of the default model on real images are found where FP32 has them"
  )
  func agreement() async throws {
    let shared = try #require(sharedFolder)
    let images = try ["media/images", "data/traffic_dash/images"].flatMap { folder in
      try Source.expanding([shared.appending(path: folder).path]).prefix(10)
    }
    let (exact, rounded) = (try Detector(), try Detector(precision: .bf16))
    let options = ObjectOptions(confidence: 0.25)
    var reference: [String: [DetectedObject]] = [:]
    for try await frame in exact.frames(of: images, options: options) {
      reference[frame.source] = frame.objects
    }
    var (expected, matched, change) = (0, 0, 0.0)
    for try await frame in rounded.frames(of: images, options: options) {
      var rest = frame.objects
      for object in reference[frame.source] ?? [] where object.confidence >= 0.5 {
        expected += 1
        let best = rest.indices.filter { rest[$0].classID == object.classID }
          .max { iou(rest[$0].box, object.box) < iou(rest[$1].box, object.box) }
        guard let best, iou(rest[best].box, object.box) >= 0.9 else { continue }
        matched += 1
        change += abs(rest.remove(at: best).confidence - object.confidence)
      }
    }
    #expect(expected >= 30)
    #expect(Double(matched) >= 0.99 * Double(expected), "\(matched) of \(expected)")
    #expect(change <= 0.015 * Double(matched), "\(change) in \(matched)")
  }

  /// Intersection over union; the list's boxes may reach over the edge.
  private func overlap(_ box: PixelRectangle, _ object: Listed.Object, _ size: [Int]) -> Double {
    let edges = zip(object.box_xyxy, size + size).map { min(max($0, 0), Double($1)) }
    return iou(
      box,
      PixelRectangle(
        x: edges[0], y: edges[1], width: edges[2] - edges[0], height: edges[3] - edges[1]))
  }

  private func iou(_ a: PixelRectangle, _ b: PixelRectangle) -> Double {
    let width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    let height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    let common = max(width, 0) * max(height, 0)
    return common / (a.width * a.height + b.width * b.height - common)
  }
}
