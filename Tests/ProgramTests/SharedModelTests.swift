import Foundation
import Output
import TestSupport
import Testing

@Suite("The VOC detector", .requires(.shared))
struct SharedModelTests {
  private struct Box {
    var label: String
    var score: Double
    /// Left, top, right, bottom in pixels.
    var corners: [Double]

    func overlap(_ other: Box) -> Double {
      let width = min(corners[2], other.corners[2]) - max(corners[0], other.corners[0])
      let height = min(corners[3], other.corners[3]) - max(corners[1], other.corners[1])
      let shared = max(width, 0) * max(height, 0)
      return shared / (area + other.area - shared)
    }

    private var area: Double { (corners[2] - corners[0]) * (corners[3] - corners[1]) }
  }

  /// The listed objects of each image, clipped to the image as the program does.
  private func listed(_ file: URL) throws -> [String: [Box]] {
    let value = try JSONValue(parsing: try String(contentsOf: file, encoding: .utf8))
    return try #require(value.object).mapValues { image in
      let size = (image["size"]?.array ?? []).compactMap(\.number)
      return (image["detections"]?.array ?? []).map { item in
        let corners = (item["box_xyxy"]?.array ?? []).compactMap(\.number)
        return Box(
          label: item["label"]?.string ?? "", score: item["score"]?.number ?? 0,
          corners: corners.enumerated().map { min(max($0.element, 0), size[$0.offset % 2]) })
      }
    }
  }

  private func found(_ frame: JSONValue) -> [Box] {
    (frame["objects"]?.array ?? []).map { object in
      let box = (object["bbox"]?.array ?? []).compactMap(\.number)
      return Box(
        label: object["label"]?.string ?? "", score: object["confidence"]?.number ?? 0,
        corners: [box[0], box[1], box[0] + box[2], box[1] + box[3]])
    }
  }

  @Test("after import, it detects what the reference detected in the photographs")
  func photographs() throws {
    let shared = try #require(sharedFolder)
    let model = shared.appending(path: "models/ssdlite_mobilenet_v2_voc20")
    let place = try Workplace()
    let imported = try Program.run(
      [
        "models", "import", model.appending(path: "weights.safetensors").path, "--architecture",
        "ssdlite_mobilenet_v2", "--labels", model.appending(path: "labels.json").path, "--padding",
        "same", "--priors", "caffe", "-o", "voc.safetensors",
      ], in: place.path)
    #expect(imported.status == 0, "\(imported.errors)")
    let outcome = try Program.run(
      [
        shared.appending(path: "media/images").path, "--model", "voc.safetensors", "--conf", "0.5",
        "--iou", "0.45",
      ], in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    try checkAccount(outcome)
    let expected = try listed(model.appending(path: "detections.json"))
    let frames = try outcome.lines("frame")
    #expect(frames.count == expected.count)
    var compared = 0
    for frame in frames {
      let name = URL(filePath: frame["source"]?.string ?? "").deletingPathExtension()
        .lastPathComponent
      let boxes = found(frame)
      for wanted in expected[name] ?? [] where wanted.score >= 0.6 {
        let best = boxes.filter { $0.label == wanted.label }
          .max { wanted.overlap($0) < wanted.overlap($1) }
        let match = try #require(best, "\(name): no \(wanted.label)")
        #expect(wanted.overlap(match) >= 0.9, "\(name) \(wanted): \(match)")
        #expect(abs(wanted.score - match.score) <= 0.1, "\(name) \(wanted): \(match)")
        compared += 1
      }
    }
    #expect(compared > 10)
  }

  @Test("an ONNX face detector is imported without options and finds the faces")
  func faces() throws {
    let shared = try #require(sharedFolder)
    let place = try Workplace()
    let graph = shared.appending(path: "models/face_rfb320/version-RFB-320.onnx").path
    let imported = try Program.run(
      ["models", "import", graph, "-o", "face.safetensors"], in: place.path)
    #expect(imported.status == 0, "\(imported.errors)")
    let outcome = try Program.run(
      [shared.appending(path: "media/faces").path, "--model", "face.safetensors"], in: place.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    try checkAccount(outcome)
    // Counted by eye; some of the more than fifty faces in the last picture are a few pixels wide.
    let faces = ["16": 9, "2": 4, "21": 5, "3": 5, "6": 14]
    let frames = try outcome.lines("frame")
    #expect(frames.count == faces.count + 1)
    for frame in frames {
      let name = URL(filePath: frame["source"]?.string ?? "").deletingPathExtension()
        .lastPathComponent
      let objects = try #require(frame["objects"]?.array)
      #expect(objects.allSatisfy { $0["label"]?.string == "face" })
      #expect(faces[name].map { $0 == objects.count } ?? (objects.count >= 40), "\(name)")
    }
  }
}
